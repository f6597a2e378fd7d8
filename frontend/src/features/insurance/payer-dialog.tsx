import {
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useCreatePayer, useUpdatePayer } from "./mutations";
import type { PayerIn, PayerOut } from "./queries";
import { RULES } from "./wording";

const NETWORK = [
  { value: "yes", label: "We are in network" },
  { value: "no", label: "We are out of network" },
];

/** Add a payer, or change one. */
export function PayerDialog({ payer, onClose }: { payer: PayerOut | null; onClose: () => void }) {
  const create = useCreatePayer();
  const update = useUpdatePayer();
  const [values, setValues] = useState({
    name: payer?.name ?? "",
    aliases: payer?.aliases ?? [],
    clearinghouse_id: payer?.clearinghouse_id ?? "",
    phone: payer?.phone ?? "",
    rule: payer?.authorization_rule ?? "ask",
    after: payer?.authorization_after ?? 12,
    network: payer?.in_network == null ? null : payer.in_network ? "yes" : "no",
    notes: payer?.notes ?? "",
    active: payer?.active ?? true,
  });
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const mutation = payer ? update : create;
  const errors = new Map(
    mutation.isError ? problemOf(mutation.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body: PayerIn = {
      name: values.name,
      aliases: values.aliases,
      clearinghouse_id: values.clearinghouse_id.trim() || null,
      phone: values.phone.trim() || null,
      authorization_rule: values.rule,
      authorization_after: values.rule === "after_visits" ? values.after : null,
      in_network: values.network === null ? null : values.network === "yes",
      notes: values.notes.trim() || null,
      active: values.active,
    };
    if (payer)
      update.mutate(
        { path: { payer_id: payer.id }, body: { ...body, version: payer.version } },
        { onSuccess: onClose },
      );
    else create.mutate({ body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={payer ? `Edit ${payer.name}` : "New payer"} centered size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            data-autofocus
            maxLength={120}
            error={errors.get("/name")}
            value={values.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TagsInput
            label="Also called"
            description="As faxes and cards spell it. Press Enter after each."
            maxTags={30}
            value={values.aliases}
            onChange={(aliases) => set({ aliases })}
          />
          <Group grow align="flex-start">
            <TextInput
              label="Clearinghouse ID"
              description="Needed to ask about eligibility"
              maxLength={40}
              error={errors.get("/clearinghouse_id")}
              value={values.clearinghouse_id}
              onChange={(event) => set({ clearinghouse_id: event.currentTarget.value })}
            />
            <TextInput
              label="Provider line"
              description="Phone number"
              error={errors.get("/phone")}
              value={values.phone}
              onChange={(event) => set({ phone: event.currentTarget.value })}
            />
          </Group>
          <Group grow align="flex-start">
            <Select
              label="Wants an authorization"
              allowDeselect={false}
              data={Object.entries(RULES).map(([value, label]) => ({ value, label }))}
              value={values.rule}
              onChange={(rule) => rule && set({ rule: rule as typeof values.rule })}
            />
            {values.rule === "after_visits" && (
              <NumberInput
                label="After so many visits"
                min={1}
                max={200}
                allowDecimal={false}
                value={values.after}
                onChange={(value) => set({ after: Number(value) || 1 })}
              />
            )}
            <Select
              label="Network"
              placeholder="Not known"
              clearable
              data={NETWORK}
              value={values.network}
              onChange={(network) => set({ network })}
            />
          </Group>
          <Textarea
            label="Notes"
            maxLength={1000}
            autosize
            value={values.notes}
            onChange={(event) => set({ notes: event.currentTarget.value })}
          />
          {payer && (
            <Checkbox
              label="In use"
              checked={values.active}
              onChange={(event) => set({ active: event.currentTarget.checked })}
            />
          )}
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
