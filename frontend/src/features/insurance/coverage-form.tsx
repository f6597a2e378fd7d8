import { Autocomplete, Button, Checkbox, Group, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import classes from "./insurance.module.css";
import { useCreateCoverage, useUpdateCoverage } from "./mutations";
import { type CoverageDetail, type CoverageIn, usePayers } from "./queries";
import { RANKS, RELATIONS } from "./wording";

interface Props {
  leadId: string;
  coverage?: CoverageDetail;
  coverages: CoverageDetail[];
  onDone: () => void;
}

const TEXTS = [
  "payer_name",
  "plan_name",
  "member_id",
  "group_number",
  "subscriber_first_name",
  "subscriber_last_name",
  "subscriber_dob",
  "effective_from",
  "effective_until",
] as const;
type Values = Record<(typeof TEXTS)[number] | "rank" | "relationship", string>;

function startOf(coverage: CoverageDetail | undefined, taken: Set<string>): Values {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, coverage?.[name] ?? ""]));
  const free = Object.keys(RANKS).find((rank) => !taken.has(rank)) ?? "primary";
  return {
    ...texts,
    rank: coverage?.rank ?? free,
    relationship: coverage?.relationship ?? "self",
  } as Values;
}

/** Write an insurance down, or change it. */
export function CoverageForm({ leadId, coverage, coverages, onDone }: Props) {
  const create = useCreateCoverage(leadId);
  const update = useUpdateCoverage(leadId);
  const payers = usePayers();
  const others = coverages.filter((other) => other.active && other.id !== coverage?.id);
  const taken = new Set<string>(others.map((other) => other.rank));
  const [values, setValues] = useState<Values>(() => startOf(coverage, taken));
  const [replaces, setReplaces] = useState(false);
  const [ends, setEnds] = useState(false);
  const mutation = coverage ? update : create;
  const errors = new Map(
    mutation.isError ? problemOf(mutation.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const field = (name: keyof Values, label: string) => ({
    label,
    size: "xs",
    value: values[name],
    error: errors.get(`/${name}`),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setValues({ ...values, [name]: event.target.value }),
  });
  const clash = taken.has(values.rank) && (coverage?.active ?? true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const facts = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value.trim() || null]),
    ) as unknown as CoverageIn;
    if (!coverage) {
      create.mutate({ path: { lead_id: leadId }, body: { ...facts, replaces } }, { onSuccess: onDone });
      return;
    }
    const changed = Object.fromEntries(
      Object.entries(facts).filter(([name, value]) => value !== coverage[name as keyof CoverageDetail]),
    );
    if (Object.keys(changed).length === 0 && !ends) return onDone();
    const body = { ...changed, version: coverage.version, replaces, ...(ends ? { active: false } : {}) };
    update.mutate({ path: { lead_id: leadId, coverage_id: coverage.id }, body }, { onSuccess: onDone });
  };
  return (
    <form
      className={classes.card}
      onSubmit={submit}
      aria-label={coverage ? `Edit ${coverage.payer_name}` : "Add insurance"}
    >
      <div className={classes.fields}>
        <Autocomplete
          label="Payer"
          size="xs"
          required
          maxLength={120}
          data-autofocus
          autoComplete="off"
          data={(payers.data?.items ?? []).filter((payer) => payer.active).map((payer) => payer.name)}
          value={values.payer_name}
          error={errors.get("/payer_name")}
          onChange={(payer_name) => setValues({ ...values, payer_name })}
        />
        <TextInput {...field("member_id", "Member ID")} maxLength={40} autoComplete="off" />
        <TextInput {...field("group_number", "Group number")} maxLength={40} autoComplete="off" />
        <TextInput {...field("plan_name", "Plan")} maxLength={120} autoComplete="off" />
        <Select
          label="Place"
          size="xs"
          allowDeselect={false}
          data={Object.entries(RANKS).map(([value, label]) => ({ value, label }))}
          value={values.rank}
          onChange={(rank) => rank && setValues({ ...values, rank })}
        />
        <Select
          label="Who is insured"
          size="xs"
          allowDeselect={false}
          data={Object.entries(RELATIONS).map(([value, label]) => ({ value, label }))}
          value={values.relationship}
          onChange={(relationship) => relationship && setValues({ ...values, relationship })}
        />
        {values.relationship !== "self" && (
          <>
            <TextInput {...field("subscriber_first_name", "Subscriber’s first name")} />
            <TextInput {...field("subscriber_last_name", "Subscriber’s last name")} />
            <TextInput {...field("subscriber_dob", "Subscriber’s date of birth")} type="date" />
          </>
        )}
        <TextInput {...field("effective_from", "Effective from")} type="date" />
        <TextInput {...field("effective_until", "Effective until")} type="date" />
      </div>
      {clash && (
        <Checkbox
          mt="sm"
          size="xs"
          required
          label={`Replaces ${others.find((other) => other.rank === values.rank)?.payer_name}, which stays as history`}
          checked={replaces}
          onChange={(event) => setReplaces(event.currentTarget.checked)}
        />
      )}
      {coverage?.active && (
        <Checkbox
          mt="sm"
          size="xs"
          label="No longer used"
          checked={ends}
          onChange={(event) => setEnds(event.currentTarget.checked)}
        />
      )}
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
