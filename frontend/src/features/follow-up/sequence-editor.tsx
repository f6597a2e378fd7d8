import { Button, Group, Menu, Modal, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { ChevronDown, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { moment } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { ConditionFields } from "./condition-fields";
import {
  added,
  changed,
  type Draft,
  draftOf,
  KINDS,
  missing,
  moved,
  removed,
  stepsOf,
  TRIGGERS,
} from "./draft";
import { focusSoon } from "./focus";
import classes from "./follow-up.module.css";
import { useCreateSequence, useUpdateSequence } from "./mutations";
import { type SequenceOut, type Step, usePreview } from "./queries";
import { StepFields } from "./step-fields";

/** Write a sequence: for whom, which steps, and what that means in dates. */
export function SequenceEditor({ sequence, onClose }: { sequence: SequenceOut | null; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(sequence));
  const create = useCreateSequence();
  const update = useUpdateSequence();
  const problem = missing(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem) return;
    const body = { ...draft, steps: stepsOf(draft.steps) };
    if (sequence) {
      const path = { sequence_id: sequence.id };
      update.mutate({ path, body: { ...body, version: sequence.version } }, { onSuccess: onClose });
    } else create.mutate({ body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} size={1080} title={sequence ? `Edit “${sequence.name}”` : "New sequence"}>
      <form onSubmit={submit}>
        <div className={classes.editor}>
          <Stack gap="md">
            <General draft={draft} setDraft={setDraft} />
            <ConditionFields
              conditions={draft.conditions}
              onChange={(conditions) => setDraft({ ...draft, conditions })}
            />
            <StepList draft={draft} setDraft={setDraft} />
          </Stack>
          <Preview steps={stepsOf(draft.steps)} enabled={problem === null || !draft.name.trim()} />
        </div>
        <Group justify="flex-end" mt="lg" gap="sm">
          {problem && (
            <Text size="sm" c="dimmed" role="status">
              {problem}
            </Text>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={problem !== null} loading={create.isPending || update.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface Part {
  draft: Draft;
  setDraft: (draft: Draft) => void;
}

function General({ draft, setDraft }: Part) {
  return (
    <Group gap="md" align="flex-end" wrap="wrap">
      <TextInput
        label="Name"
        required
        maxLength={120}
        flex="1 1 200px"
        data-autofocus
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
      />
      <Select
        label="Begins with"
        flex="1 1 220px"
        allowDeselect={false}
        data={[...TRIGGERS]}
        value={draft.trigger}
        onChange={(value) => value && setDraft({ ...draft, trigger: value as Draft["trigger"] })}
      />
      <Switch
        label="On"
        pb={8}
        checked={draft.active}
        onChange={(event) => setDraft({ ...draft, active: event.currentTarget.checked })}
      />
    </Group>
  );
}

function StepList({ draft, setDraft }: Part) {
  const { steps } = draft;
  const set = (next: Draft["steps"]) => setDraft({ ...draft, steps: next });
  const move = (index: number, by: -1 | 1) => {
    announce(`Step ${index + 1} moved ${by < 0 ? "up" : "down"}`);
    set(moved(steps, index, by));
    const row = `step-${steps[index]?.key}`;
    focusSoon(...(by < 0 ? [`${row}-up`, `${row}-down`] : [`${row}-down`, `${row}-up`]));
  };
  const remove = (which: number) => {
    set(removed(steps, which));
    focusSoon("add-step");
  };
  return (
    <div>
      <Text fw={600} size="sm" mb={6} id="steps-title">
        Steps
      </Text>
      <ol className={classes.stepList} aria-labelledby="steps-title">
        {steps.map((step, index) => (
          <StepFields
            key={step.key}
            step={step}
            number={index + 1}
            first={index === 0}
            last={index === steps.length - 1}
            onChange={(change) => set(changed(steps, step.key, change))}
            onMove={(by) => move(index, by)}
            onRemove={() => remove(step.key)}
          />
        ))}
      </ol>
      <Menu position="bottom-start" width={230}>
        <Menu.Target>
          <Button
            id="add-step"
            mt="sm"
            size="xs"
            variant="light"
            disabled={steps.length >= 20}
            leftSection={<Plus size={14} />}
            rightSection={<ChevronDown size={14} />}
          >
            Add a step
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map(({ kind, label }) => (
            <Menu.Item
              key={kind}
              disabled={kind === "close" && steps.at(-1)?.kind === "close"}
              onClick={() => set(added(steps, kind))}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Preview({ steps, enabled }: { steps: Step[]; enabled: boolean }) {
  const [settled] = useDebouncedValue(steps, 400);
  const plan = usePreview(settled, enabled && settled.length > 0);
  return (
    <section className={classes.preview} aria-label="Preview">
      <Text fw={600} size="sm">
        If a lead came now and stayed silent
      </Text>
      {plan.isLoading && <Loading label="Planning" />}
      {plan.isError && <Failed error={plan.error} retry={() => plan.refetch()} />}
      {!plan.data && !plan.isFetching && !plan.isError && (
        <Text size="sm" c="dimmed">
          Complete the steps to see their dates.
        </Text>
      )}
      <ol>
        {plan.data?.map((step) => (
          <li key={step.position}>
            <b>{moment(step.at)}</b>
            <br />
            {step.what.charAt(0).toUpperCase() + step.what.slice(1)}
            {step.due_at && <div className={classes.when}>to be done by {moment(step.due_at)}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}
