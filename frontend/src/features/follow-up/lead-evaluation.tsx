import { Button, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { moment } from "../../shared/lib/format";
import { useMay } from "../session";
import { useAttend, useBook, useCancel, useMiss } from "./mutations";
import type { LeadOut } from "./queries";

/** The evaluation as the desk knows it: booked for when, and what became of it. */
export function LeadEvaluation({ lead }: { lead: LeadOut }) {
  const may = useMay("leads:write");
  const [changing, setChanging] = useState(false);
  const state = lead.evaluation_state;
  const at = lead.evaluation_at ? moment(lead.evaluation_at) : "";
  const entering = changing || state === "none" || state === "missed" || state === "canceled";
  return (
    <>
      {state !== "none" && (
        <Text size="sm" mb={6}>
          {{ booked: "Booked for", missed: "Missed:", attended: "Attended:", canceled: "Canceled:" }[state]}{" "}
          <b>{at}</b>
        </Text>
      )}
      {may && (state === "booked" || state === "missed") && !changing && (
        <Outcome lead={lead} onChange={() => setChanging(true)} />
      )}
      {may && entering && state !== "attended" && <Entry lead={lead} onDone={() => setChanging(false)} />}
      {!may && state === "none" && (
        <Text size="sm" c="dimmed" mb={6}>
          Not booked yet.
        </Text>
      )}
    </>
  );
}

function Outcome({ lead, onChange }: { lead: LeadOut; onChange: () => void }) {
  const attend = useAttend();
  const miss = useMiss();
  const cancel = useCancel();
  const change = { path: { lead_id: lead.id }, body: { version: lead.version } };
  const booked = lead.evaluation_state === "booked";
  return (
    <Group gap={6} mb={10}>
      <Button size="compact-xs" loading={attend.isPending} onClick={() => attend.mutate(change)}>
        Attended
      </Button>
      {booked && (
        <>
          <Button
            size="compact-xs"
            variant="light"
            color="red"
            loading={miss.isPending}
            onClick={() => miss.mutate(change)}
          >
            Missed
          </Button>
          <Button size="compact-xs" variant="default" onClick={onChange}>
            Another time
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(change)}
          >
            Canceled
          </Button>
        </>
      )}
    </Group>
  );
}

function Entry({ lead, onDone }: { lead: LeadOut; onDone: () => void }) {
  const book = useBook();
  const [value, setValue] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!value) return;
    const body = { at: new Date(value).toISOString(), version: lead.version };
    book.mutate({ path: { lead_id: lead.id }, body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Group gap={8} align="flex-end" mb={10}>
        <TextInput
          type="datetime-local"
          size="xs"
          w={210}
          label={lead.evaluation_state === "none" ? "Evaluation booked for" : "New time"}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="light" disabled={!value} loading={book.isPending}>
          Booked
        </Button>
      </Group>
    </form>
  );
}
