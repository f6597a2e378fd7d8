import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { phone } from "../../shared/lib/format";
import { type HearChoice, HearFields, USUAL } from "./hear-fields";
import { useUpdateReferrer } from "./mutations";
import { OfficePick } from "./office-pick";
import type { ReferrerChanges, ReferrerProfile } from "./queries";
import { STATUS, wrongFields } from "./wording";

const FIELDS = [
  ["name", "Name"],
  ["credential", "Credential"],
  ["npi", "NPI"],
  ["specialty", "Specialty"],
  ["practice_name", "Office on papers"],
  ["phone", "Phone"],
  ["fax", "Fax"],
  ["email", "E-mail"],
  ["address", "Address"],
] as const;
const COMPUTED = "computed";
const STATUSES = [
  { value: COMPUTED, label: "As the referrals say" },
  ...Object.entries(STATUS).map(([value, { label }]) => ({ value, label })),
];

/** Correct a referrer; only what was changed is sent. */
export function EditReferrer({ referrer, onClose }: { referrer: ReferrerProfile; onClose: () => void }) {
  const update = useUpdateReferrer();
  const before = Object.fromEntries(
    FIELDS.map(([key]) => [
      key,
      key === "phone" || key === "fax" ? phone(referrer[key]) : (referrer[key] ?? ""),
    ]),
  ) as Record<(typeof FIELDS)[number][0], string>;
  const [values, setValues] = useState(before);
  const wish: HearChoice = referrer.office && !referrer.hear_own ? USUAL : referrer.hear_by;
  const [hearBy, setHearBy] = useState(wish);
  const [hearOf, setHearOf] = useState(referrer.hear_of);
  const [office, setOffice] = useState(referrer.office?.id ?? null);
  const [status, setStatus] = useState<string>(referrer.status_override ?? COMPUTED);
  const [reason, setReason] = useState(referrer.status_reason ?? "");
  const errors = wrongFields(update.isError ? problemOf(update.error).errors : []);
  const byHand = status !== COMPUTED;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body: ReferrerChanges = { version: referrer.version };
    for (const [key] of FIELDS) {
      if (values[key] !== before[key]) Object.assign(body, { [key]: values[key].trim() || null });
    }
    if (hearBy === USUAL) {
      if (hearBy !== wish) body.hear_own = false;
    } else if (hearBy !== wish || hearOf.join() !== referrer.hear_of.join()) {
      Object.assign(body, { hear_by: hearBy, hear_of: hearOf });
    }
    if (office !== (referrer.office?.id ?? null)) body.referrer_practice_id = office;
    if (status !== (referrer.status_override ?? COMPUTED) || reason !== (referrer.status_reason ?? "")) {
      body.status_override = byHand ? (status as ReferrerProfile["status"]) : null;
      if (byHand) body.status_reason = reason;
    }
    update.mutate({ path: { referrer_id: referrer.id }, body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Edit ${referrer.name}`} size="lg">
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
          <OfficePick office={referrer.office} value={office} onChange={setOffice} />
          <HearFields
            usual={office ? "As their office" : null}
            by={hearBy}
            of={hearOf}
            onBy={setHearBy}
            onOf={setHearOf}
          />
          <Group grow align="flex-start">
            <Select
              label="Status"
              allowDeselect={false}
              data={STATUSES}
              value={status}
              onChange={(value) => value && setStatus(value)}
            />
            {byHand && (
              <TextInput
                label="Why"
                required
                maxLength={200}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
          </Group>
          {referrer.office && (
            <Text size="xs" c="dimmed">
              Numbers of {referrer.office.name} are used where the referrer has none of their own.
            </Text>
          )}
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
