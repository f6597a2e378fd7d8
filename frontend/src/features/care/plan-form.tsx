import { Button, Checkbox, Group, NumberInput, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import classes from "./care.module.css";
import { useChangePlan, useWritePlan } from "./mutations";
import type { EpisodeOut, PlanOut } from "./queries";

interface Props {
  episode: EpisodeOut;
  plan?: PlanOut;
  onDone: () => void;
}

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function startOf(episode: EpisodeOut, plan: PlanOut | undefined) {
  // A recertification goes on from what was planned before.
  const like = plan ?? episode.plans.at(-1);
  return {
    frequency_per_week: like?.frequency_per_week ?? episode.frequency_per_week ?? 2,
    duration_weeks: like?.duration_weeks ?? Math.min(episode.duration_weeks ?? 8, 52),
    diagnoses: like?.diagnoses.join("\n") ?? episode.diagnoses ?? "",
    goals: like?.goals.join("\n") ?? "",
    starts_on: plan?.starts_on ?? "",
    certify: like?.certify ?? true,
  };
}

/** Write a plan of care, or correct one that has not gone out. */
export function PlanForm({ episode, plan, onDone }: Props) {
  const write = useWritePlan();
  const change = useChangePlan();
  const mutation = plan ? change : write;
  const [values, setValues] = useState(() => startOf(episode, plan));
  const set = (some: Partial<typeof values>) => setValues({ ...values, ...some });
  const failure = mutation.isError ? failureOf(mutation.error) : null;
  const errors = new Map(failure?.errors.map((found) => [found.pointer, failure.message]) ?? []);
  const save = (ready: boolean) => {
    const facts = { ...values, diagnoses: linesOf(values.diagnoses), goals: linesOf(values.goals) };
    const { starts_on, ...rest } = facts;
    if (plan) {
      const body = { ...rest, version: plan.version, ...(starts_on ? { starts_on } : {}) };
      change.mutate({ path: { plan_id: plan.id }, body }, { onSuccess: onDone });
    } else {
      const body = { ...rest, starts_on: starts_on || null, ready };
      write.mutate({ path: { episode_id: episode.id }, body }, { onSuccess: onDone });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(true);
  };
  return (
    <form className={classes.card} onSubmit={submit} aria-label={plan ? "Edit the plan" : "Write the plan"}>
      <div className={classes.fields}>
        <NumberInput
          size="xs"
          label="Times a week"
          required
          autoFocus
          min={1}
          max={14}
          allowDecimal={false}
          value={values.frequency_per_week}
          onChange={(value) => set({ frequency_per_week: Number(value) || 1 })}
        />
        <NumberInput
          size="xs"
          label="Weeks"
          description="It covers 90 days at most"
          required
          min={1}
          max={52}
          allowDecimal={false}
          value={values.duration_weeks}
          onChange={(value) => set({ duration_weeks: Number(value) || 1 })}
        />
        <TextInput
          size="xs"
          type="date"
          label="Begins"
          description={
            episode.plans.length > 0 ? "Empty: when the last one ends" : "Empty: with the evaluation"
          }
          value={values.starts_on}
          error={errors.get("/starts_on")}
          onChange={(event) => set({ starts_on: event.currentTarget.value })}
        />
      </div>
      <Textarea
        size="xs"
        mt={8}
        label="Diagnoses, one per line"
        autosize
        minRows={1}
        value={values.diagnoses}
        error={errors.get("/diagnoses")}
        onChange={(event) => set({ diagnoses: event.currentTarget.value })}
      />
      <Textarea
        size="xs"
        mt={8}
        label="Long-term goals, one per line, measurable"
        autosize
        minRows={2}
        value={values.goals}
        error={errors.get("/goals")}
        onChange={(event) => set({ goals: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        mt={10}
        label="This payer wants it certified, as Medicare does"
        checked={values.certify}
        onChange={(event) => set({ certify: event.currentTarget.checked })}
      />
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
        {!plan && (
          <Button size="compact-sm" variant="light" loading={mutation.isPending} onClick={() => save(false)}>
            Save as a draft
          </Button>
        )}
        <Button size="compact-sm" type="submit" loading={mutation.isPending}>
          {plan ? "Save plan" : "Save, complete"}
        </Button>
      </Group>
    </form>
  );
}
