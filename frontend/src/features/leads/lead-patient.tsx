import { Button, Group, SimpleGrid, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { age, day, phone } from "../../shared/lib/format";
import { useMay } from "../session";
import classes from "./leads.module.css";
import { useUpdateLead } from "./mutations";
import type { LeadOut, PatientChanges, PatientOut } from "./queries";
import { Fact, Section } from "./section";

const FIELDS: [keyof PatientChanges & keyof PatientOut, string][] = [
  ["first_name", "First name"],
  ["middle_name", "Middle name"],
  ["last_name", "Last name"],
  ["suffix", "Suffix"],
  ["dob", "Date of birth (YYYY-MM-DD)"],
  ["sex", "Sex (F, M, X)"],
  ["phone", "Phone"],
  ["phone_alt", "Other phone"],
  ["email", "E-mail"],
  ["address", "Address"],
  ["mrn", "Record number"],
];

/** Who the patient is, and (`coverages`) who pays where that has no section of its own; editable in place. */
export function LeadPatient({ lead, coverages }: { lead: LeadOut; coverages: boolean }) {
  const [editing, setEditing] = useState(false);
  const may = useMay("leads:write");
  const { patient } = lead;
  const years = age(patient.dob);
  const action = may && !editing && (
    <Button size="compact-xs" variant="subtle" onClick={() => setEditing(true)}>
      Edit
    </Button>
  );
  return (
    <Section title="Patient" action={action}>
      {editing ? (
        <PatientForm lead={lead} onDone={() => setEditing(false)} />
      ) : (
        <dl className={classes.facts}>
          <Fact label="Born">
            {patient.dob && `${day(patient.dob)}${years === null ? "" : ` (${years})`}`}
          </Fact>
          <Fact label="Sex">{patient.sex}</Fact>
          <Fact label="Phone">{phone(patient.phone)}</Fact>
          <Fact label="Other phone">{phone(patient.phone_alt)}</Fact>
          <Fact label="E-mail">{patient.email}</Fact>
          <Fact label="Address">{patient.address}</Fact>
          <Fact label="Record number">{patient.mrn}</Fact>
          {(coverages ? patient.coverages : []).map((coverage) => (
            <Fact key={coverage.id} label={coverage.rank === "primary" ? "Insurance" : "Second insurance"}>
              {[
                coverage.payer_name,
                coverage.member_id,
                coverage.group_number && `group ${coverage.group_number}`,
              ]
                .filter(Boolean)
                .join(" · ")}
            </Fact>
          ))}
        </dl>
      )}
    </Section>
  );
}

function PatientForm({ lead, onDone }: { lead: LeadOut; onDone: () => void }) {
  const update = useUpdateLead();
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(FIELDS.map(([name]) => [name, String(lead.patient[name] ?? "")])),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const changed = FIELDS.filter(([name]) => values[name] !== String(lead.patient[name] ?? ""));
    if (changed.length === 0) return onDone();
    const patient = Object.fromEntries(
      changed.map(([name]) => [name, values[name] || null]),
    ) as PatientChanges;
    const body = { version: lead.version, patient };
    update.mutate({ path: { lead_id: lead.id }, body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" verticalSpacing={6}>
        {FIELDS.map(([name, label]) => (
          <TextInput
            key={name}
            size="xs"
            label={label}
            required={name === "first_name" || name === "last_name"}
            value={values[name] ?? ""}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={update.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
