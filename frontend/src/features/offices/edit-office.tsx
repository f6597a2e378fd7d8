import { Button, Group, Modal, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { phone } from "../../shared/lib/format";
import { HEAR_OF, type HearChoice, HearFields, USUAL, wrongFields } from "../referrers";
import { useUpdateOffice } from "./mutations";
import type { OfficeChanges, OfficeProfile } from "./queries";

const FIELDS = [
  ["name", "Name"],
  ["npi", "NPI"],
  ["phone", "Phone"],
  ["fax", "Fax"],
  ["email", "E-mail"],
  ["address", "Address"],
] as const;
type Of = NonNullable<OfficeProfile["hear_of"]>;

/** Correct an office; only what was changed is sent. */
export function EditOffice({ office, onClose }: { office: OfficeProfile; onClose: () => void }) {
  const update = useUpdateOffice();
  const before = Object.fromEntries(
    FIELDS.map(([key]) => [key, key === "phone" || key === "fax" ? phone(office[key]) : (office[key] ?? "")]),
  ) as Record<(typeof FIELDS)[number][0], string>;
  const [values, setValues] = useState(before);
  const everything = office.hear_of ?? (Object.keys(HEAR_OF) as Of);
  const wish: HearChoice = office.hear_by ?? (office.hear_of ? "fax" : USUAL);
  const [hearBy, setHearBy] = useState(wish);
  const [hearOf, setHearOf] = useState(everything);
  const errors = wrongFields(update.isError ? problemOf(update.error).errors : []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body: OfficeChanges = { version: office.version };
    for (const [key] of FIELDS) {
      if (values[key] !== before[key]) Object.assign(body, { [key]: values[key].trim() || null });
    }
    if (hearBy !== wish || hearOf.join() !== everything.join()) {
      const usual = hearBy === USUAL;
      Object.assign(body, { hear_by: usual ? null : hearBy, hear_of: usual ? null : hearOf });
    }
    update.mutate({ path: { office_id: office.id }, body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Edit ${office.name}`} size="lg">
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {FIELDS.map(([key, label]) => (
            <TextInput
              key={key}
              label={label}
              required={key === "name"}
              data-autofocus={key === "name" || undefined}
              maxLength={key === "address" ? 300 : 200}
              error={errors.get(`/${key}`)}
              value={values[key]}
              onChange={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
            />
          ))}
        </SimpleGrid>
        <Stack gap="sm" mt="md">
          <HearFields
            usual="As usual: by fax, of everything"
            by={hearBy}
            of={hearOf}
            onBy={setHearBy}
            onOf={setHearOf}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
