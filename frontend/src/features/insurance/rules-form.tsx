import { ActionIcon, Button, Checkbox, Group, Select, Text, TextInput, Title } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./insurance.module.css";
import { useUpdateInsuranceRules } from "./mutations";
import { type ItemIn, type RulesOut, useInsuranceRules } from "./queries";

const KINDS = [
  { value: "yes_no", label: "Yes or no" },
  { value: "amount", label: "Amount ($)" },
  { value: "percent", label: "Percent" },
  { value: "count", label: "Number" },
  { value: "text", label: "Words" },
];
const PERIODS = [
  { value: "month", label: "Until the month ends" },
  { value: "plan_year", label: "Until the year ends" },
  { value: "never", label: "Until the insurance changes" },
];

/** What is asked about an insurance, and for how long the answers hold. */
export function RulesForm() {
  const rules = useInsuranceRules();
  if (rules.isPending) return <Loading label="Loading the checklist" />;
  if (rules.isError) return <Failed error={rules.error} retry={() => rules.refetch()} />;
  return <Form key={rules.data.version} rules={rules.data} />;
}

type Row = ItemIn & { fixed: boolean; known: boolean };

/** `shoe_size` from `Shoe size`, different from those there are. */
function keyOf(label: string, taken: string[]): string {
  const letters = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const base = `q_${letters.replaceAll(/^_+|_+$/g, "")}`.slice(0, 36);
  let key = base;
  for (let number = 2; taken.includes(key); number += 1) key = `${base}_${number}`;
  return key;
}

function Form({ rules }: { rules: RulesOut }) {
  const may = useMay("settings:write");
  const update = useUpdateInsuranceRules();
  const [reverify, setReverify] = useState(rules.reverify);
  const [items, setItems] = useState<Row[]>(rules.items.map((item) => ({ ...item, known: true })));
  const change = (index: number, to: Partial<Row>) =>
    setItems(items.map((item, at) => (at === index ? { ...item, ...to } : item)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const keys = items.filter((item) => item.known).map((item) => item.key);
    const named = items.map(({ fixed: _, known, ...item }) => {
      const key = known ? item.key : keyOf(item.label, keys);
      if (!known) keys.push(key);
      return { ...item, key };
    });
    update.mutate({ body: { version: rules.version, reverify, items: named } });
  };
  return (
    <form className={classes.panel} onSubmit={submit} aria-labelledby="benefits-checklist">
      <Title order={2} size="h4" id="benefits-checklist">
        Benefits checklist
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        What the desk asks before the first visit. Answers that are required must be known to verify.
      </Text>
      {items.map((item, index) => (
        <div key={item.key} className={classes.row}>
          <TextInput
            size="xs"
            aria-label={`Question ${index + 1}`}
            required
            maxLength={120}
            disabled={!may}
            value={item.label}
            onChange={(event) => change(index, { label: event.currentTarget.value })}
          />
          <Select
            size="xs"
            aria-label={`Kind of answer to ${item.label || `question ${index + 1}`}`}
            allowDeselect={false}
            disabled={!may || item.known}
            data={KINDS}
            value={item.kind}
            onChange={(kind) => kind && change(index, { kind: kind as Row["kind"] })}
          />
          <Checkbox
            size="xs"
            label="Required"
            aria-label={`${item.label} required`}
            disabled={!may || item.fixed}
            checked={item.required}
            onChange={(event) => change(index, { required: event.currentTarget.checked })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={!may || item.fixed}
            aria-label={`Remove ${item.label || `question ${index + 1}`}`}
            onClick={() => setItems(items.filter((_, at) => at !== index))}
          >
            <X size={14} />
          </ActionIcon>
        </div>
      ))}
      {may && (
        <Button
          mt="xs"
          size="compact-xs"
          variant="light"
          leftSection={<Plus size={14} />}
          disabled={items.length >= 30}
          onClick={() =>
            setItems([
              ...items,
              {
                key: `new-${Date.now()}`,
                label: "",
                kind: "text",
                required: false,
                fixed: false,
                known: false,
              },
            ])
          }
        >
          Add a question
        </Button>
      )}
      <Group justify="space-between" align="flex-end" mt="md">
        <Select
          label="Answers hold"
          w={260}
          allowDeselect={false}
          disabled={!may}
          data={PERIODS}
          value={reverify}
          onChange={(value) => value && setReverify(value as RulesOut["reverify"])}
        />
        {may && (
          <Button type="submit" loading={update.isPending}>
            Save checklist
          </Button>
        )}
      </Group>
    </form>
  );
}
