import { ActionIcon, Checkbox, Group, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { type DraftStep, KINDS } from "./draft";
import classes from "./follow-up.module.css";
import { useTexts } from "./queries";

interface Props {
  step: DraftStep;
  number: number;
  first: boolean;
  last: boolean;
  onChange: (change: Partial<DraftStep>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One step being written: what, how long after the step before, its place. */
export function StepFields({ step, number, first, last, onChange, onMove, onRemove }: Props) {
  const label = KINDS.find(({ kind }) => kind === step.kind)?.label;
  return (
    <li className={classes.step} aria-label={`Step ${number}: ${label}`}>
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Text size="sm" fw={600}>
          {number}. {label}
        </Text>
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={first}
            id={`step-${step.key}-up`}
            aria-label={`Move step ${number} up`}
            onClick={() => onMove(-1)}
          >
            <ArrowUp size={15} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={last}
            id={`step-${step.key}-down`}
            aria-label={`Move step ${number} down`}
            onClick={() => onMove(1)}
          >
            <ArrowDown size={15} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red" aria-label={`Remove step ${number}`} onClick={onRemove}>
            <X size={15} />
          </ActionIcon>
        </Group>
      </Group>
      <Group gap="sm" align="flex-end" wrap="wrap">
        <DelayFields step={step} number={number} first={first} onChange={onChange} />
        <Content step={step} onChange={onChange} />
      </Group>
    </li>
  );
}

type Inner = Pick<Props, "step" | "onChange">;

function DelayFields({ step, number, first, onChange }: Inner & { number: number; first: boolean }) {
  const after = { amount: 0, unit: "hours" as const, working: true, ...step.after };
  const set = (change: Partial<typeof after>) => onChange({ after: { ...after, ...change } });
  return (
    <Group gap={6} align="flex-end" wrap="nowrap">
      <NumberInput
        label={first ? "After" : "Later by"}
        size="xs"
        w={72}
        min={0}
        max={1000}
        allowDecimal={false}
        allowNegative={false}
        value={after.amount}
        onChange={(value) => set({ amount: Number(value) || 0 })}
      />
      <Select
        aria-label={`Unit of time of step ${number}`}
        size="xs"
        w={98}
        allowDeselect={false}
        disabled={after.amount === 0}
        data={["minutes", "hours", "days"]}
        value={after.unit}
        onChange={(unit) => unit && set({ unit: unit as "hours" })}
      />
      <Checkbox
        label="working time"
        size="xs"
        pb={7}
        disabled={after.amount === 0}
        checked={after.working}
        onChange={(event) => set({ working: event.currentTarget.checked })}
      />
    </Group>
  );
}

function Content({ step, onChange }: Inner) {
  const texts = useTexts();
  switch (step.kind) {
    case "text":
      return (
        <Select
          label="Text"
          size="xs"
          flex="1 1 180px"
          allowDeselect={false}
          data={(texts.data ?? []).map((text) => ({ value: text.id, label: text.name }))}
          value={step.template}
          onChange={(template) => template && onChange({ template } as Partial<DraftStep>)}
        />
      );
    case "call":
    case "task":
      return (
        <>
          <TextInput
            label="Task"
            size="xs"
            flex="1 1 180px"
            required
            maxLength={120}
            value={step.title}
            onChange={(event) => onChange({ title: event.currentTarget.value } as Partial<DraftStep>)}
          />
          <Within step={step} onChange={onChange} />
        </>
      );
    case "tell_referrer":
      return <Within step={step} onChange={onChange} />;
    case "close":
      return (
        <TextInput
          label="Reason"
          size="xs"
          flex="1 1 180px"
          required
          maxLength={120}
          value={step.reason}
          onChange={(event) => onChange({ reason: event.currentTarget.value } as Partial<DraftStep>)}
        />
      );
  }
}

function Within({ step, onChange }: Inner) {
  const hours = "within_hours" in step ? step.within_hours : null;
  return (
    <NumberInput
      label="Within hours"
      placeholder="by urgency"
      size="xs"
      w={110}
      min={0.25}
      max={200}
      step={0.5}
      decimalScale={2}
      value={hours ?? ""}
      onChange={(value) =>
        onChange({ within_hours: value === "" ? null : Number(value) || null } as Partial<DraftStep>)
      }
    />
  );
}
