import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { day, moment, phone } from "../../shared/lib/format";
import classes from "./intake.module.css";
import { useDecideIntake } from "./mutations";
import type { DifferenceOut, IntakeDetail } from "./queries";

/** What the patient wrote where the chart says otherwise: taken over or left, each by itself. */
export function Differences({ intake, may }: { intake: IntakeDetail; may: boolean }) {
  const decide = useDecideIntake();
  const [chosen, setChosen] = useState<Record<string, "accept" | "reject">>({});
  const open = intake.differences.filter((one) => one.state === "open");
  const decided = intake.differences.filter((one) => one.state !== "open");
  const fields = (choice: "accept" | "reject") =>
    open.filter((one) => chosen[one.field] === choice).map((one) => one.field);
  const count = fields("accept").length + fields("reject").length;
  const save = () => {
    const body = { version: intake.version, accept: fields("accept"), reject: fields("reject") };
    decide.mutate({ path: { intake_id: intake.id }, body }, { onSuccess: () => setChosen({}) });
  };
  return (
    <section className={classes.differences} aria-label="Differs from the chart">
      {open.length > 0 && (
        <>
          <Text size="sm" fw={600} mb={4}>
            Differs from the chart
          </Text>
          {open.map((one) => (
            <Open
              key={one.field}
              difference={one}
              choice={chosen[one.field]}
              may={may}
              onChoose={(choice) => setChosen((before) => ({ ...before, [one.field]: choice }))}
            />
          ))}
          {may && (
            <Button size="compact-sm" mt={6} disabled={count === 0} loading={decide.isPending} onClick={save}>
              {count === 0 ? "Choose above" : `Save ${count} ${count === 1 ? "decision" : "decisions"}`}
            </Button>
          )}
        </>
      )}
      {decided.length > 0 && (
        <details className={classes.missing}>
          <summary>{decided.length} decided</summary>
          <ul>
            {decided.map((one) => (
              <li key={one.field}>
                {one.label}: {shown(one, one.theirs)} {one.state === "accepted" ? "taken over" : "left out"}{" "}
                by {one.decided_by}, {one.decided_at && moment(one.decided_at)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface OpenProps {
  difference: DifferenceOut;
  choice: "accept" | "reject" | undefined;
  may: boolean;
  onChoose: (choice: "accept" | "reject") => void;
}

function Open({ difference, choice, may, onChoose }: OpenProps) {
  const { label, ours, theirs } = difference;
  return (
    <fieldset className={classes.difference}>
      <legend>{label}</legend>
      <dl>
        <dt>Chart</dt>
        <dd data-dropped={choice === "accept" || undefined}>{ours ? shown(difference, ours) : "nothing"}</dd>
        <dt>Patient</dt>
        <dd data-dropped={choice === "reject" || undefined}>{shown(difference, theirs)}</dd>
      </dl>
      {may && (
        <Group gap={6}>
          <Button
            size="compact-xs"
            variant={choice === "accept" ? "filled" : "default"}
            aria-pressed={choice === "accept"}
            aria-label={`${label}: take over what the patient wrote`}
            onClick={() => onChoose("accept")}
          >
            Take over
          </Button>
          <Button
            size="compact-xs"
            variant={choice === "reject" ? "filled" : "default"}
            aria-pressed={choice === "reject"}
            aria-label={`${label}: keep the chart`}
            onClick={() => onChoose("reject")}
          >
            Keep chart
          </Button>
        </Group>
      )}
    </fieldset>
  );
}

function shown(difference: DifferenceOut, value: string): string {
  if (difference.field === "patient.dob") return day(value);
  return difference.field.startsWith("patient.phone") ? phone(value) : value;
}
