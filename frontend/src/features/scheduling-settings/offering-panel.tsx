import { Button, Group, NumberInput, Select, SimpleGrid } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { useSaveClinicOffering, useSaveOffering } from "./mutations";
import { type ClinicSettingsOut, type OfferingOut, type SettingsOut, useOffering } from "./queries";
import classes from "./scheduling-settings.module.css";

/** How times are offered to patients: the practice's choice, and what a clinic does otherwise. */
export function OfferingPanel() {
  const found = useOffering();
  if (found.isPending) return <Loading label="Loading" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return (
    <>
      <Practice key={`practice ${found.data.version}`} settings={found.data} />
      {found.data.locations.map((clinic) => (
        <Clinic
          key={`${clinic.location_id} ${clinic.version}`}
          clinic={clinic}
          practice={found.data.practice}
        />
      ))}
    </>
  );
}

type Own = { [name in keyof OfferingOut]: number | null };
const SPACINGS = [5, 10, 15, 20, 30, 60];

interface FieldsProps {
  values: Own;
  /** What holds where nothing is chosen. */
  usual?: OfferingOut;
  disabled: boolean;
  onChange: (values: Own) => void;
}

function Fields({ values, usual, disabled, onChange }: FieldsProps) {
  const number = (
    name: "notice_minutes" | "horizon_days" | "late_cancel_hours",
    label: string,
    unit: string,
    [least, most]: [number, number],
    times = 1,
  ) => {
    const value = values[name];
    return (
      <NumberInput
        label={label}
        suffix={` ${unit}`}
        min={least}
        max={most}
        disabled={disabled}
        placeholder={usual && `${usual[name] / times} ${unit}, as everywhere`}
        decimalScale={times > 1 ? 1 : 0}
        value={value === null ? "" : value / times}
        onChange={(given) =>
          onChange({
            ...values,
            [name]: given === "" ? (usual ? null : least) : Math.round(Number(given) * times),
          })
        }
      />
    );
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {number("notice_minutes", "Not sooner than in", "hours", [0, 720], 60)}
      {number("horizon_days", "Not later than in", "days", [1, 365])}
      <Select
        label="Times begin every"
        disabled={disabled}
        clearable={Boolean(usual)}
        allowDeselect={Boolean(usual)}
        placeholder={usual && `${usual.spacing_minutes} min, as everywhere`}
        data={SPACINGS.map((minutes) => ({ value: String(minutes), label: `${minutes} min` }))}
        value={values.spacing_minutes === null ? null : String(values.spacing_minutes)}
        onChange={(value) => onChange({ ...values, spacing_minutes: value ? Number(value) : null })}
      />
      {number("late_cancel_hours", "A cancellation is late within", "hours", [0, 168])}
    </SimpleGrid>
  );
}

type Spacing = 5 | 10 | 15 | 20 | 30 | 60;

function Practice({ settings }: { settings: SettingsOut }) {
  const may = useMay("settings:write");
  const save = useSaveOffering();
  const [values, setValues] = useState<Own>(settings.practice);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const held = { ...settings.practice, ...values } as OfferingOut;
    save.mutate({
      body: { ...held, spacing_minutes: held.spacing_minutes as Spacing, version: settings.version },
    });
  };
  return (
    <section className={classes.panel} aria-label="How times are offered">
      <h2 className={classes.title}>How times are offered</h2>
      <p className={classes.about}>
        To patients, by text and on their booking page. The desk may book anything that is free.
      </p>
      <form onSubmit={submit}>
        <Fields values={values} disabled={!may} onChange={setValues} />
        {may && (
          <Group justify="flex-end" mt="md">
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        )}
      </form>
    </section>
  );
}

function Clinic({ clinic, practice }: { clinic: ClinicSettingsOut; practice: OfferingOut }) {
  const may = useMay("settings:write");
  const save = useSaveClinicOffering();
  const { notice_minutes, horizon_days, spacing_minutes, late_cancel_hours } = clinic;
  const [values, setValues] = useState<Own>({
    notice_minutes,
    horizon_days,
    spacing_minutes,
    late_cancel_hours,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      path: { location_id: clinic.location_id },
      body: {
        ...values,
        spacing_minutes: values.spacing_minutes as Spacing | null,
        version: clinic.version,
      },
    });
  };
  return (
    <section className={classes.panel} aria-label={clinic.location_name}>
      <h2 className={classes.title}>Otherwise at {clinic.location_name}</h2>
      <p className={classes.about}>What is left empty is as everywhere.</p>
      <form onSubmit={submit}>
        <Fields values={values} usual={practice} disabled={!may} onChange={setValues} />
        {may && (
          <Group justify="flex-end" mt="md">
            <Button type="submit" variant="light" loading={save.isPending}>
              Save
            </Button>
          </Group>
        )}
      </form>
    </section>
  );
}
