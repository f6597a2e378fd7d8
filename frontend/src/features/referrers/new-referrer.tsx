import { Button, Group, Modal, Select, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { phone } from "../../shared/lib/format";
import { type HearChoice, HearFields, USUAL } from "./hear-fields";
import { useCreateReferrer } from "./mutations";
import { type HearOf, type NewReferrer, type NpiProviderOut, useNpiProviders } from "./queries";
import classes from "./referrers.module.css";
import { fullName, HEAR_OF, wrongFields } from "./wording";

const NOTHING = {
  name: "",
  credential: "",
  npi: "",
  practice_name: "",
  specialty: "",
  phone: "",
  fax: "",
  email: "",
  address: "",
};
const KINDS = [
  { value: "provider", label: "A provider" },
  { value: "practice", label: "An office" },
];
const REACHED: [keyof typeof NOTHING, string][] = [
  ["phone", "Phone"],
  ["fax", "Fax"],
  ["email", "E-mail"],
];

/** Enter somebody who refers, or whom one means to visit; the public list of NPIs fills in what it knows. */
export function NewReferrerDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateReferrer();
  const navigate = useNavigate();
  const [kind, setKind] = useState<"provider" | "practice">("provider");
  const [hearBy, setHearBy] = useState<HearChoice>(USUAL);
  const [hearOf, setHearOf] = useState(Object.keys(HEAR_OF) as HearOf[]);
  const [values, setValues] = useState(NOTHING);
  const errors = wrongFields(create.isError ? problemOf(create.error).errors : []);
  const field = (key: keyof typeof NOTHING, label: string, required = false) => (
    <TextInput
      key={key}
      label={label}
      required={required}
      maxLength={200}
      error={errors.get(`/${key}`)}
      value={values[key]}
      onChange={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
    />
  );
  const take = (found: NpiProviderOut) => {
    setKind(found.kind);
    setValues({
      ...values,
      name: found.name,
      npi: found.npi,
      credential: found.credential ?? values.credential,
      specialty: found.specialty ?? values.specialty,
      address: found.address ?? values.address,
      phone: phone(found.phone) || values.phone,
      fax: phone(found.fax) || values.fax,
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
    const wish = hearBy === USUAL ? {} : { hear_by: hearBy, hear_of: hearOf };
    const body = { ...given, ...wish, kind, name: values.name } satisfies NewReferrer;
    create.mutate(
      { body },
      { onSuccess: ({ id }) => navigate({ to: "/referrers/$referrerId", params: { referrerId: id } }) },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Add a referrer" centered size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            data-autofocus
            maxLength={200}
            placeholder="First and last name, or the office"
            error={errors.get("/name")}
            value={values.name}
            onChange={(event) => setValues({ ...values, name: event.currentTarget.value })}
          />
          <Suggestions q={values.npi ? "" : values.name} onTake={take} />
          <Group grow align="flex-start">
            <Select
              label="This is"
              allowDeselect={false}
              data={KINDS}
              value={kind}
              onChange={(value) => setKind(value === "practice" ? "practice" : "provider")}
            />
            {field("npi", "NPI")}
            {kind === "provider" && field("credential", "Credential")}
          </Group>
          {kind === "provider" && (
            <Group grow align="flex-start">
              {field("practice_name", "Office")}
              {field("specialty", "Specialty")}
            </Group>
          )}
          <Group grow align="flex-start">
            {REACHED.map(([key, label]) => field(key, label))}
          </Group>
          {field("address", "Address")}
          <HearFields
            usual="As their office, else by fax"
            by={hearBy}
            of={hearOf}
            error={errors.get("") && "Give an e-mail address first"}
            onBy={setHearBy}
            onOf={setHearOf}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function Suggestions({ q, onTake }: { q: string; onTake: (found: NpiProviderOut) => void }) {
  const [asked] = useDebouncedValue(q, 250);
  const items = useNpiProviders(asked).data?.items ?? [];
  if (asked.trim().length < 3 || q === "" || items.length === 0) return null;
  return (
    <section aria-label="From the public list of NPIs" className={classes.suggestions}>
      <Text size="xs" c="dimmed" px={8} pt={4}>
        From the public list of NPIs
      </Text>
      {items.slice(0, 6).map((found) => (
        <UnstyledButton key={found.npi} className={classes.suggestion} onClick={() => onTake(found)}>
          <Text size="sm" fw={600} component="span">
            {fullName(found)}
          </Text>
          <Text size="xs" c="dimmed" component="span">
            {[found.specialty, found.address, `NPI ${found.npi}`].filter(Boolean).join(" · ")}
          </Text>
        </UnstyledButton>
      ))}
    </section>
  );
}
