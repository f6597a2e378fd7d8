import { questionsOf, sectionsOf } from "./draft";
import type { Condition, Form, Kind, Question, Rule } from "./queries";

type Op = Rule["op"];

const PRESENT: Op[] = ["answered", "not_answered"];
const OPS: Partial<Record<Kind, Op[]>> = {
  choice: ["equals", "not_equals"],
  multi_choice: ["contains"],
  yes_no: ["equals"],
  scale: ["at_least", "at_most", "equals"],
  number: ["at_least", "at_most", "equals"],
  short_text: ["equals", "contains"],
  long_text: ["contains"],
};

/** How a question may be compared. */
export function opsOf(question: Question): { value: Op; label: string }[] {
  const words: Record<Op, string> = {
    equals: "is",
    not_equals: "is not",
    contains: question.type === "multi_choice" ? "includes" : "contains",
    at_least: "is at least",
    at_most: "is at most",
    answered: "is answered",
    not_answered: "is not answered",
  };
  return [...(OPS[question.type] ?? []), ...PRESENT].map((op) => ({ value: op, label: words[op] }));
}

export function needsValue(op: Op): boolean {
  return !PRESENT.includes(op);
}

/** A rule to begin with. */
export function firstRule(question: Question): Rule {
  const op = opsOf(question)[0]?.value ?? "answered";
  return { question: question.id, op, value: needsValue(op) ? firstValue(question) : null };
}

/** A value that fits the question. */
export function firstValue(question: Question): Rule["value"] {
  switch (question.type) {
    case "choice":
    case "multi_choice":
      return question.options?.[0]?.id ?? null;
    case "yes_no":
      return true;
    case "scale":
    case "number":
      return 1;
  }
  return "";
}

/** The condition as a sentence; null where there is none. */
export function inWords(form: Form, condition: Condition | null | undefined): string | null {
  const rules = condition?.rules ?? [];
  if (rules.length === 0) return null;
  const known = new Map(
    sectionsOf(form)
      .flatMap(questionsOf)
      .map((question) => [question.id, question]),
  );
  const said = rules.map((rule) => {
    const question = known.get(rule.question);
    if (!question) return "a question that is gone";
    const op = opsOf(question).find((one) => one.value === rule.op)?.label ?? rule.op;
    const value = needsValue(rule.op) ? ` ${valueWords(question, rule.value)}` : "";
    return `“${question.label.en || "a question without words"}” ${op}${value}`;
  });
  return `Only if ${said.join(condition?.match === "any" ? " or " : " and ")}`;
}

function valueWords(question: Question, value: Rule["value"]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (question.type === "choice" || question.type === "multi_choice") {
    const label = question.options?.find((option) => option.id === value)?.label.en;
    return label ? `“${label}”` : "an answer that is gone";
  }
  return typeof value === "number" ? String(value) : `“${value ?? ""}”`;
}
