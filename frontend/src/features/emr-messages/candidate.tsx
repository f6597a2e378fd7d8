import { Button } from "@mantine/core";
import classes from "./emr-messages.module.css";
import type { MaybePatient } from "./queries";
import { patientLine } from "./wording";

interface Props {
  patient: MaybePatient;
  busy: boolean;
  onChoose: () => void;
}

/** A known patient who may be meant. */
export function Candidate({ patient, busy, onChoose }: Props) {
  return (
    <li className={classes.person}>
      <div className={classes.grow}>
        <p className={classes.patient}>{patient.display_name}</p>
        <p className={classes.meta}>{patientLine(patient)}</p>
        {patient.reasons.length > 0 && <p className={classes.reasons}>{patient.reasons.join(", ")}</p>}
      </div>
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        aria-label={`It is them: ${patient.display_name}`}
        onClick={onChoose}
      >
        It is them
      </Button>
    </li>
  );
}
