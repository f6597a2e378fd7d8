import { Button, Checkbox, Group, MultiSelect, NumberInput, Switch, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { words } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { useUpdateOutcomeSettings } from "./mutations";
import classes from "./outcomes.module.css";
import { type InstrumentOut, type OutcomeSettingsOut, useMeasures, useOutcomeSettings } from "./queries";
import { Wordings } from "./wordings";

/** What patients are asked about how they are doing, when, and in whose words. */
export function OutcomeSettings() {
  const settings = useOutcomeSettings();
  const catalog = useMeasures();
  if (settings.isPending || catalog.isPending) return <Loading label="Loading outcome measures" />;
  if (settings.isError) return <Failed error={settings.error} retry={() => settings.refetch()} />;
  if (catalog.isError) return <Failed error={catalog.error} retry={() => catalog.refetch()} />;
  return (
    <>
      <Form key={settings.data.version} settings={settings.data} instruments={catalog.data.items} />
      <Wordings instruments={catalog.data.items} />
    </>
  );
}

type Key = InstrumentOut["key"];
type Regions = Partial<Record<string, Key[]>>;

function Form({ settings, instruments }: { settings: OutcomeSettingsOut; instruments: InstrumentOut[] }) {
  const may = useMay("settings:write");
  const update = useUpdateOutcomeSettings();
  const [chosen, setChosen] = useState(settings);
  const [regions, setRegions] = useState<Regions>(settings.by_region);
  const set = (part: Partial<OutcomeSettingsOut>) => setChosen((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { version, by_text, at_intake, at_discharge, every_visits, every_weeks } = chosen;
    const by_region = regions as Record<string, Key[]>;
    update.mutate({
      body: { version, by_text, at_intake, at_discharge, every_visits, every_weeks, by_region },
    });
  };
  return (
    <form className={classes.panel} onSubmit={submit} aria-labelledby="outcome-schedule">
      <Title order={2} size="h4" id="outcome-schedule">
        How patients are doing
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        A text with a link, in the patient’s language; it says nothing about their problem. Who opted out, or
        may not be texted, is not asked.
      </Text>
      <Switch
        label="Ask patients by text"
        disabled={!may}
        checked={chosen.by_text}
        onChange={(event) => set({ by_text: event.currentTarget.checked })}
      />
      <Group gap="lg" mt="sm" align="flex-end">
        <Checkbox
          label="When care begins"
          disabled={!may}
          checked={chosen.at_intake}
          onChange={(event) => set({ at_intake: event.currentTarget.checked })}
        />
        <Checkbox
          label="At discharge"
          disabled={!may}
          checked={chosen.at_discharge}
          onChange={(event) => set({ at_discharge: event.currentTarget.checked })}
        />
        <NumberInput
          label="Every … weeks"
          w={120}
          size="xs"
          min={1}
          max={26}
          placeholder="Never"
          disabled={!may}
          value={chosen.every_weeks ?? ""}
          onChange={(value) => set({ every_weeks: value === "" ? null : Number(value) })}
        />
        <NumberInput
          label="Every … visits"
          w={120}
          size="xs"
          min={2}
          max={50}
          placeholder="Never"
          disabled={!may}
          value={chosen.every_visits ?? ""}
          onChange={(value) => set({ every_visits: value === "" ? null : Number(value) })}
        />
      </Group>
      <Text fw={600} size="sm" mt="lg">
        Which measures
      </Text>
      <Text size="sm" c="dimmed" mb={6}>
        Those whose questions you have not entered below are left to the desk.
      </Text>
      {settings.regions.map((one) => (
        <RegionRow
          key={one.region}
          region={one.region}
          suggested={one.chosen ? null : one.instruments}
          chosen={regions[one.region]}
          sent={one.sent}
          instruments={instruments}
          may={may}
          onChange={(keys) =>
            setRegions((before) => {
              const { [one.region]: _, ...others } = before;
              return keys === null ? others : { ...others, [one.region]: keys };
            })
          }
        />
      ))}
      {may && (
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Group>
      )}
    </form>
  );
}

interface RowProps {
  region: string;
  suggested: Key[] | null;
  chosen: Key[] | undefined;
  sent: Key[];
  instruments: InstrumentOut[];
  may: boolean;
  onChange: (keys: Key[] | null) => void;
}

function RegionRow({ region, suggested, chosen, sent, instruments, may, onChange }: RowProps) {
  const names = new Map(instruments.map((one) => [one.key, one.name]));
  const value = chosen ?? suggested ?? [];
  const desk = value.filter((key) => !sent.includes(key)).map((key) => names.get(key));
  return (
    <div className={classes.row}>
      <Text size="sm">{words(region)}</Text>
      <MultiSelect
        className={classes.grow}
        size="xs"
        aria-label={`Measures for ${region}`}
        disabled={!may}
        data={[...names].map(([key, name]) => ({ value: key, label: name }))}
        value={value}
        onChange={(keys) => onChange(keys as Key[])}
      />
      <Text size="xs" c="dimmed" w={170}>
        {chosen ? "" : "Suggested. "}
        {desk.length > 0 && `${desk.join(", ")}: at the desk`}
      </Text>
      {chosen && may && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(null)}>
          Use the suggestion
        </Button>
      )}
    </div>
  );
}
