import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Search } from "lucide-react";
import { useState } from "react";
import { Candidate } from "./candidate";
import classes from "./emr-messages.module.css";
import { type MaybePatient, useFoundPatients } from "./queries";

interface Props {
  but: string[];
  busy: boolean;
  onChoose: (patient: MaybePatient) => void;
}

/** Find the patient when none of the proposed is meant. */
export function PatientSearch({ but, busy, onChoose }: Props) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text, 200);
  const found = useFoundPatients(q);
  const items =
    q.trim().length < 2 ? [] : (found.data?.items ?? []).filter((each) => !but.includes(each.patient_id));
  return (
    <div className={classes.search}>
      <TextInput
        size="xs"
        label="Somebody else"
        placeholder="Name, phone, date of birth or record number"
        leftSection={<Search size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p aria-live="polite" className={classes.meta}>
        {q.trim().length >= 2 && found.isSuccess && items.length === 0 && "Nobody else found."}
      </p>
      <ul className={classes.people} aria-label="Found">
        {items.map((patient) => (
          <Candidate
            key={patient.patient_id}
            patient={patient}
            busy={busy}
            onChoose={() => onChoose(patient)}
          />
        ))}
      </ul>
    </div>
  );
}
