import { ActionIcon, Button, Group, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { firstRule, firstValue, needsValue, opsOf } from "./conditions";
import classes from "./editor.module.css";
import type { Condition, Question, Rule } from "./queries";

interface Props {
  /** What it is about: “this question” or “this section”. */
  what: string;
  condition: Condition | null | undefined;
  earlier: Question[];
  onChange: (condition: Condition | null) => void;
  error: (suffix: string) => string | undefined;
}

/** When something is shown, as a sentence to fill in. It looks at earlier questions only, so nothing goes in circles. */
export function ConditionEditor({ what, condition, earlier, onChange, error }: Props) {
  const rules = condition?.rules ?? [];
  const match = condition?.match ?? "all";
  const keep = (next: Rule[]) => onChange(next.length > 0 ? { match, rules: next } : null);
  const add = () => {
    const question = earlier.at(-1);
    if (question) keep([...rules, firstRule(question)]);
  };
  return (
    <fieldset className={classes.condition}>
      <legend>When {what} is shown</legend>
      {rules.length === 0 && (
        <Text size="xs" c="dimmed">
          Always.
        </Text>
      )}
      {rules.length > 1 && (
        <Select
          aria-label="How many of these must hold"
          size="xs"
          w={230}
          mb={6}
          allowDeselect={false}
          data={[
            { value: "all", label: "Only if all of these hold" },
            { value: "any", label: "Only if any of these holds" },
          ]}
          value={match}
          onChange={(value) => onChange({ match: value === "any" ? "any" : "all", rules })}
        />
      )}
      {rules.map((rule, index) => (
        <RuleRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity of their own
          key={index}
          number={index + 1}
          rule={rule}
          earlier={earlier}
          onChange={(next) => keep(rules.map((one, at) => (at === index ? next : one)))}
          onRemove={() => keep(rules.filter((_, at) => at !== index))}
          questionError={error(`/rules/${index}/question`)}
          valueError={error(`/rules/${index}/value`)}
        />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Plus size={13} />}
        disabled={earlier.length === 0 || rules.length >= 10}
        onClick={add}
      >
        {rules.length === 0 ? "Show it only in some cases" : "Add a case"}
      </Button>
      {earlier.length === 0 && (
        <Text size="xs" c="dimmed">
          There is no question before it to look at.
        </Text>
      )}
    </fieldset>
  );
}

interface RowProps {
  number: number;
  rule: Rule;
  earlier: Question[];
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  questionError: string | undefined;
  valueError: string | undefined;
}

function RuleRow({ number, rule, earlier, onChange, onRemove, questionError, valueError }: RowProps) {
  const asked = earlier.find((question) => question.id === rule.question);
  return (
    <Group gap={6} align="flex-start" wrap="wrap" mb={6}>
      <Select
        aria-label={`Case ${number}: question`}
        size="xs"
        flex="2 1 180px"
        allowDeselect={false}
        searchable
        error={questionError ?? (asked ? undefined : "Choose a question that comes before.")}
        data={earlier.map((question) => ({ value: question.id, label: question.label.en || question.id }))}
        value={asked?.id ?? null}
        onChange={(id) => {
          const question = earlier.find((one) => one.id === id);
          if (question) onChange(firstRule(question));
        }}
      />
      {asked && (
        <>
          <Select
            aria-label={`Case ${number}: comparison`}
            size="xs"
            w={128}
            allowDeselect={false}
            data={opsOf(asked)}
            value={rule.op}
            onChange={(op) => {
              if (!op) return;
              const next = op as Rule["op"];
              const value = needsValue(next) ? (rule.value ?? firstValue(asked)) : null;
              onChange({ ...rule, op: next, value });
            }}
          />
          {needsValue(rule.op) && (
            <ValueField
              label={`Case ${number}: answer`}
              asked={asked}
              value={rule.value}
              error={valueError}
              onChange={(value) => onChange({ ...rule, value })}
            />
          )}
        </>
      )}
      <ActionIcon variant="subtle" color="red" aria-label={`Remove case ${number}`} onClick={onRemove}>
        <X size={15} />
      </ActionIcon>
    </Group>
  );
}

interface ValueProps {
  label: string;
  asked: Question;
  value: Rule["value"];
  error: string | undefined;
  onChange: (value: Rule["value"]) => void;
}

function ValueField({ label, asked, value, error, onChange }: ValueProps) {
  const shared = { "aria-label": label, size: "xs" as const, flex: "1 1 130px", error };
  switch (asked.type) {
    case "yes_no":
      return (
        <Select
          {...shared}
          allowDeselect={false}
          data={["yes", "no"]}
          value={value === false ? "no" : "yes"}
          onChange={(next) => onChange(next === "yes")}
        />
      );
    case "choice":
    case "multi_choice":
      return (
        <Select
          {...shared}
          allowDeselect={false}
          data={(asked.options ?? []).map((option) => ({
            value: option.id,
            label: option.label.en || option.id,
          }))}
          value={typeof value === "string" ? value : null}
          onChange={onChange}
        />
      );
    case "scale":
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(typeof next === "number" ? next : null)}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          maxLength={200}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
