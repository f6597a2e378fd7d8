import { Button, Group, NumberInput, Select, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./letters.module.css";
import { useSetRules } from "./mutations";
import { type LetterOut, type LetterRulesOut, useLetterRules } from "./queries";
import { KINDS } from "./wording";

const RULES = [
  { value: "automatic", label: "By itself" },
  { value: "review", label: "After a look" },
  { value: "off", label: "Not at all" },
];
type Kind = LetterOut["kind"];
type Rule = LetterRulesOut["rules"][string];

const WHEN: Record<Kind, string> = {
  received: "As soon as a referral has arrived",
  contacted: "When the patient was first spoken with",
  unreachable: "When follow-up has tried and found nobody",
  scheduled: "When the first visit has a time, or another time",
  seen: "When the patient came to the first visit",
  plan_of_care: "When a plan of care is complete",
  progress: "When a progress report was written",
  discharge: "When therapy has ended",
  missing_info: "Written by a person, from the lead",
  scorecard: "Once a month, from the reports",
  answer: "Written by a person, to what an office wrote",
};

/** A person writes these and sees them go. */
const BY_HAND: ReadonlySet<Kind> = new Set<Kind>(["missing_info", "answer"]);

/** Which letters go by themselves. */
export function LetterSettings() {
  const rules = useLetterRules();
  if (rules.isPending) return <Loading label="Loading the rules for letters" />;
  if (rules.isError) return <Failed error={rules.error} retry={() => rules.refetch()} />;
  return <Form key={rules.data.version} saved={rules.data} />;
}

function Form({ saved }: { saved: LetterRulesOut }) {
  const may = useMay("settings:write");
  const set = useSetRules();
  const [rules, setRules] = useState(saved.rules);
  const [minutes, setMinutes] = useState(saved.gather_minutes);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ body: { version: saved.version, gather_minutes: minutes, rules } });
  };
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => !BY_HAND.has(kind));
  return (
    <form className={classes.panel} onSubmit={submit} aria-labelledby="letter-rules">
      <Title order={2} size="h4" id="letter-rules">
        Letters to referrers
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Each referrer also chooses how they hear from us, and of what; nobody is written to against their
        wish.
      </Text>
      {kinds.map((kind) => (
        <div key={kind} className={classes.rule}>
          <div>
            <Text fw={600} size="sm">
              {KINDS[kind]}
            </Text>
            <Text size="sm" c="dimmed">
              {WHEN[kind]}
            </Text>
          </div>
          <Select
            size="sm"
            aria-label={`${KINDS[kind]} is sent`}
            allowDeselect={false}
            disabled={!may}
            data={RULES}
            value={rules[kind] ?? null}
            onChange={(value) => value && setRules({ ...rules, [kind]: value as Rule })}
          />
        </div>
      ))}
      <Group justify="space-between" align="flex-end" mt="md">
        <NumberInput
          label="Gather news for (minutes)"
          description="News of one patient within this time is one letter"
          w={280}
          min={0}
          max={1440}
          disabled={!may}
          value={minutes}
          onChange={(value) => setMinutes(Number(value) || 0)}
        />
        {may && (
          <Button type="submit" loading={set.isPending}>
            Save
          </Button>
        )}
      </Group>
    </form>
  );
}
