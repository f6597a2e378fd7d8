import { Button, Group, NumberInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import classes from "./hours.module.css";
import { useSaveTargets } from "./mutations";
import { type FirstContactTargetsOut, useTargets } from "./queries";

const URGENCIES = [
  ["stat", "Stat"],
  ["urgent", "Urgent"],
  ["routine", "Routine"],
] as const;

/** How soon somebody must try to reach a new patient. */
export function Targets({ may }: { may: boolean }) {
  const targets = useTargets();
  return (
    <section className={classes.section} aria-labelledby="targets">
      <h2 id="targets" className={classes.title}>
        First contact
      </h2>
      <p className={classes.about}>
        Working minutes from the moment a referral came in to the first call or text. After that every desk is
        told, and the lead goes to the next person below.
      </p>
      {targets.isPending && <Loading label="Loading the targets" />}
      {targets.isError && <Failed error={targets.error} retry={() => targets.refetch()} />}
      {targets.data && <Form key={targets.data.version} targets={targets.data} may={may} />}
    </section>
  );
}

function Form({ targets, may }: { targets: FirstContactTargetsOut; may: boolean }) {
  const [values, setValues] = useState({
    stat: targets.stat,
    urgent: targets.urgent,
    routine: targets.routine,
  });
  const save = useSaveTargets();
  const changed = URGENCIES.some(([key]) => values[key] !== targets[key]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ body: { version: targets.version, ...values } });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        {URGENCIES.map(([key, label]) => (
          <NumberInput
            key={key}
            label={label}
            suffix=" min"
            w={120}
            min={5}
            max={14400}
            allowDecimal={false}
            disabled={!may}
            value={values[key]}
            onChange={(value) => setValues((before) => ({ ...before, [key]: Number(value) }))}
          />
        ))}
        {may && (
          <Button
            type="submit"
            loading={save.isPending}
            disabled={!changed || URGENCIES.some(([key]) => values[key] < 5 || values[key] > 14400)}
          >
            Save
          </Button>
        )}
      </Group>
    </form>
  );
}
