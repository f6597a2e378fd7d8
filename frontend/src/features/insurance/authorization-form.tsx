import { Button, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import classes from "./insurance.module.css";
import { useCreateAuthorization, useUpdateAuthorization } from "./mutations";
import type { AuthorizationIn, AuthorizationOut, OrderAuthorization } from "./queries";
import { AUTHORIZATION_STATES } from "./wording";

interface Props {
  leadId: string;
  coverageId: string;
  row?: AuthorizationOut;
  offered?: OrderAuthorization | null;
  onDone: () => void;
}
type State = AuthorizationIn["state"];

const CHOICES = ["needed", "requested", "approved", "denied", "not_needed"] as const;

function startOf(row: AuthorizationOut | undefined, offered: OrderAuthorization | null | undefined) {
  const was = row?.state === "expired" ? "approved" : row?.state;
  return {
    // Whoever opens one that is needed has usually got it.
    state: (was === "needed" ? "requested" : (was ?? (offered ? "approved" : "requested"))) as State,
    number: row?.number ?? offered?.number ?? "",
    counts: row?.counts ?? ("visits" as const),
    approved: row?.approved ?? offered?.visits ?? null,
    per_visit: row?.per_visit ?? 1,
    valid_from: row?.valid_from ?? "",
    valid_until: row?.valid_until ?? "",
    note: row?.note ?? "",
  };
}

/** Note an authorization, or what became of it. */
export function AuthorizationForm({ leadId, coverageId, row, offered, onDone }: Props) {
  const create = useCreateAuthorization(leadId);
  const update = useUpdateAuthorization(leadId);
  const [values, setValues] = useState(() => startOf(row, offered));
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const mutation = row ? update : create;
  const errors = new Map(
    mutation.isError ? problemOf(mutation.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const facts = {
      ...values,
      number: values.number.trim() || null,
      note: values.note.trim() || null,
      valid_from: values.valid_from || null,
      valid_until: values.valid_until || null,
    };
    if (row) {
      const path = { lead_id: leadId, authorization_id: row.id };
      update.mutate({ path, body: { ...facts, version: row.version } }, { onSuccess: onDone });
    } else {
      const body = { ...facts, coverage_id: coverageId, order_id: offered?.order_id ?? null };
      create.mutate({ path: { lead_id: leadId }, body }, { onSuccess: onDone });
    }
  };
  return (
    <form
      className={classes.card}
      onSubmit={submit}
      aria-label={row ? "Edit authorization" : "Add authorization"}
    >
      <div className={classes.fields}>
        <Select
          label="State"
          size="xs"
          allowDeselect={false}
          data={CHOICES.map((value) => ({ value, label: AUTHORIZATION_STATES[value] ?? value }))}
          value={values.state}
          onChange={(state) => state && set({ state: state as State })}
        />
        <TextInput
          label="Number"
          size="xs"
          maxLength={40}
          required={values.state === "approved"}
          autoComplete="off"
          error={errors.get("/number")}
          value={values.number}
          onChange={(event) => set({ number: event.currentTarget.value })}
        />
        <NumberInput
          label={values.counts === "units" ? "Units approved" : "Visits approved"}
          size="xs"
          min={1}
          max={9999}
          allowDecimal={false}
          value={values.approved ?? ""}
          onChange={(value) => set({ approved: value === "" ? null : Number(value) })}
        />
        <Select
          label="Counted in"
          size="xs"
          allowDeselect={false}
          data={[
            { value: "visits", label: "Visits" },
            { value: "units", label: "Units" },
          ]}
          value={values.counts}
          onChange={(counts) => counts && set({ counts: counts as "visits" | "units" })}
        />
        {values.counts === "units" && (
          <NumberInput
            label="Units per visit"
            size="xs"
            min={1}
            max={100}
            allowDecimal={false}
            value={values.per_visit}
            onChange={(value) => set({ per_visit: Number(value) || 1 })}
          />
        )}
        <TextInput
          label="Valid from"
          type="date"
          size="xs"
          value={values.valid_from}
          onChange={(event) => set({ valid_from: event.currentTarget.value })}
        />
        <TextInput
          label="Valid until"
          type="date"
          size="xs"
          error={errors.get("/valid_until")}
          value={values.valid_until}
          onChange={(event) => set({ valid_until: event.currentTarget.value })}
        />
        <TextInput
          label="Note"
          size="xs"
          maxLength={1000}
          value={values.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
      </div>
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={mutation.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
