import { Button, Group, SegmentedControl, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { problemOf } from "../../api/problem";
import classes from "./insurance.module.css";
import { useVerify } from "./mutations";
import type { CoverageDetail, ItemOut, LeadOut } from "./queries";
import { answerText } from "./wording";

interface Props {
  lead: LeadOut;
  coverage: CoverageDetail;
  items: ItemOut[];
  onDone: () => void;
}
type Result = "verified" | "problem" | "not_covered" | "in_progress" | "self_pay";

const CHOICES = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
  { value: "unknown", label: "?" },
];

/** What is known already: a person's answers first, then what the payer's answer suggests. */
function startOf(coverage: CoverageDetail): Record<string, string> {
  const suggested = coverage.check?.stale ? {} : (coverage.check?.suggestions ?? {});
  const known = coverage.verification.answers;
  return {
    ...Object.fromEntries(Object.entries(suggested).map(([key, found]) => [key, found.value])),
    ...Object.fromEntries(Object.entries(known).map(([key, found]) => [key, found.value])),
  };
}

/** The questions about a coverage, and what came of them. */
export function Checklist({ lead, coverage, items, onDone }: Props) {
  const { check, verification } = coverage;
  const confirms = check?.state === "answered" && !check.stale;
  const [answers, setAnswers] = useState(() => startOf(coverage));
  const [told, setTold] = useState(
    confirms ? `Clearinghouse${check.sandbox ? " (sandbox)" : ""}` : (verification.told_by ?? ""),
  );
  const [reference, setReference] = useState(
    confirms ? (check.reference ?? "") : (verification.reference ?? ""),
  );
  const [note, setNote] = useState(verification.note ?? "");
  const verify = useVerify(lead.id, "Noted");
  const errors = new Map(
    verify.isError ? problemOf(verify.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const save = (state: Result) =>
    verify.mutate(
      {
        path: { lead_id: lead.id },
        body: {
          coverage_id: coverage.id,
          version: verification.version,
          state,
          answers,
          told_by: told.trim() || null,
          reference: reference.trim() || null,
          note: note.trim() || null,
          check_id: confirms ? check.id : null,
        },
      },
      { onSuccess: onDone },
    );
  const not = answers.active_coverage === "no" || answers.pt_benefit === "no";
  return (
    <section className={classes.checklist} aria-label={`Benefits of ${coverage.payer_name}`}>
      {items.map((item) => (
        <Question
          key={item.key}
          item={item}
          coverage={coverage}
          value={answers[item.key] ?? ""}
          error={errors.get(`/answers/${item.key}`)}
          onChange={(value) => setAnswers({ ...answers, [item.key]: value })}
        />
      ))}
      <div className={classes.fields} style={{ marginTop: 8 }}>
        <TextInput
          size="xs"
          label="Who said so"
          placeholder="Name, line or portal"
          maxLength={120}
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="Reference number"
          maxLength={120}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="Note"
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      <Group gap={6} mt="sm">
        {not ? (
          <Button size="xs" color="red.8" loading={verify.isPending} onClick={() => save("not_covered")}>
            Not covered
          </Button>
        ) : (
          <Button size="xs" loading={verify.isPending} onClick={() => save("verified")}>
            Verified
          </Button>
        )}
        <Button size="xs" variant="default" disabled={verify.isPending} onClick={() => save("problem")}>
          Problem
        </Button>
        <Button size="xs" variant="default" disabled={verify.isPending} onClick={() => save("in_progress")}>
          Save for later
        </Button>
        <Button size="xs" variant="subtle" disabled={verify.isPending} onClick={() => save("self_pay")}>
          Patient pays
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
          Close
        </Button>
      </Group>
    </section>
  );
}

interface QuestionProps {
  item: ItemOut;
  coverage: CoverageDetail;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

function Question({ item, coverage, value, error, onChange }: QuestionProps) {
  const id = useId();
  const suggestion = coverage.check?.stale ? undefined : coverage.check?.suggestions[item.key];
  const last = coverage.verification.previous?.answers[item.key];
  const hint = suggestion
    ? `${suggestion.because}: ${answerText(item, suggestion.value)}`
    : last && `Last time: ${answerText(item, last.value)}`;
  return (
    <div className={classes.question}>
      <span id={id} className={classes.label}>
        {item.label}
        {item.required && <span aria-hidden> *</span>}
      </span>
      {item.kind === "yes_no" ? (
        <SegmentedControl
          size="xs"
          aria-labelledby={id}
          // Nothing is chosen until somebody does.
          data={value ? CHOICES : [{ value: "", label: "–" }, ...CHOICES]}
          value={value}
          onChange={onChange}
        />
      ) : (
        <TextInput
          size="xs"
          w={110}
          aria-labelledby={id}
          inputMode={item.kind === "text" ? "text" : "decimal"}
          leftSection={item.kind === "amount" ? "$" : undefined}
          rightSection={item.kind === "percent" ? "%" : undefined}
          maxLength={item.kind === "text" ? 500 : 14}
          value={value}
          error={Boolean(error)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {error && (
        <p className={classes.warning} data-tone="danger" role="alert" style={{ gridColumn: "1 / -1" }}>
          {item.label}: {error}
        </p>
      )}
      {hint && (
        <p className={classes.because} data-from={suggestion ? "clearinghouse" : undefined}>
          {hint}
        </p>
      )}
    </div>
  );
}
