import { Button, Group, MultiSelect, NumberInput, Switch, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { useSaveVisitTexts } from "./mutations";
import { useVisitTexts, type VisitTextsOut } from "./queries";

const HOURS = [1, 2, 3, 4, 6, 12, 24, 36, 48, 72, 96, 168];
const named = (hours: number) =>
  hours < 48 ? `${hours} hour${hours === 1 ? "" : "s"} before` : `${hours / 24} days before`;

/** What is texted about visits by itself: booking by reply, reminders, the waitlist. */
export function VisitTextsCard() {
  const found = useVisitTexts();
  if (found.isPending) return <Loading label="Loading the texts about visits" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return <Form key={found.data.version} saved={found.data} />;
}

function Form({ saved }: { saved: VisitTextsOut }) {
  const may = useMay("settings:write");
  const save = useSaveVisitTexts();
  const [draft, setDraft] = useState(saved);
  const set = (changes: Partial<VisitTextsOut>) => setDraft((before) => ({ ...before, ...changes }));
  const number = (name: "offer_hours" | "waitlist_batch" | "waitlist_minutes") => ({
    value: draft[name],
    disabled: !may,
    allowDecimal: false,
    onChange: (value: number | string) => typeof value === "number" && set({ [name]: value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ body: draft });
  };
  return (
    <form onSubmit={submit} aria-label="Texts about visits">
      <Text fw={650} component="h2" size="md" mb={4}>
        Texts about visits
      </Text>
      <Switch
        label="Book the time a patient picks by text"
        description="Only when nothing else can be meant; anything unclear waits for a person."
        checked={draft.book_by_reply}
        disabled={!may}
        onChange={(event) => set({ book_by_reply: event.currentTarget.checked })}
      />
      <NumberInput
        label="Offers are open for, hours"
        w={240}
        mt="sm"
        min={1}
        max={168}
        {...number("offer_hours")}
      />
      <Switch
        mt="md"
        label="Remind patients of their visit"
        checked={draft.reminders}
        disabled={!may}
        onChange={(event) => set({ reminders: event.currentTarget.checked })}
      />
      <MultiSelect
        label="When"
        description="One that is due in the night goes out the evening before."
        mt="sm"
        maw={420}
        maxValues={4}
        data={[...new Set([...HOURS, ...saved.reminder_hours])].map((hours) => ({
          value: String(hours),
          label: named(hours),
        }))}
        value={draft.reminder_hours.map(String)}
        disabled={!may || !draft.reminders}
        onChange={(values) => set({ reminder_hours: values.map(Number) })}
      />
      <Switch
        mt="md"
        label="Offer times that open to the waitlist"
        description="By priority; the first yes has the time."
        checked={draft.waitlist}
        disabled={!may}
        onChange={(event) => set({ waitlist: event.currentTarget.checked })}
      />
      <Group mt="sm" gap="md" align="flex-end">
        <NumberInput label="Asked at a time" w={160} min={1} max={10} {...number("waitlist_batch")} />
        <NumberInput
          label="Minutes until the next are asked"
          w={260}
          min={5}
          max={1440}
          {...number("waitlist_minutes")}
        />
      </Group>
      {may && (
        <Button
          type="submit"
          mt="md"
          loading={save.isPending}
          disabled={JSON.stringify(draft) === JSON.stringify(saved)}
        >
          Save visit texts
        </Button>
      )}
    </form>
  );
}
