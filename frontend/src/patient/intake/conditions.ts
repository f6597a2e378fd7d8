import type { Answers, Condition, Form, Question, Rule, Section } from "./types";

/** Sections with the questions a patient with these answers sees; the server decides by the same rules. */
export function shown(form: Form, answers: Answers): { section: Section; questions: Question[] }[] {
  const visible = new Set<string>();
  const found: { section: Section; questions: Question[] }[] = [];
  for (const section of form.sections ?? []) {
    if (!holds(section.show_if, answers, visible)) continue;
    const questions: Question[] = [];
    for (const question of section.questions ?? []) {
      if (!holds(question.show_if, answers, visible)) continue;
      visible.add(question.id);
      questions.push(question);
    }
    if (questions.length > 0) found.push({ section, questions });
  }
  return found;
}

/** Whether the condition is met; without rules it always is. */
function holds(condition: Condition | null | undefined, answers: Answers, visible: Set<string>): boolean {
  const rules = condition?.rules ?? [];
  if (!condition || rules.length === 0) return true;
  const met = (rule: Rule) => meets(rule, visible.has(rule.question) ? answers[rule.question] : null);
  return condition.match === "any" ? rules.some(met) : rules.every(met);
}

function meets(rule: Rule, answer: unknown): boolean {
  const given = answer !== null && answer !== undefined;
  switch (rule.op) {
    case "answered":
      return given;
    case "not_answered":
      return !given;
    case "equals":
      return same(answer, rule.value);
    case "not_equals":
      return given && !same(answer, rule.value);
    case "contains":
      return contains(answer, rule.value);
    case "at_least":
      return typeof answer === "number" && typeof rule.value === "number" && answer >= rule.value;
    case "at_most":
      return typeof answer === "number" && typeof rule.value === "number" && answer <= rule.value;
  }
}

function same(answer: unknown, value: unknown): boolean {
  if (typeof answer === "string" && typeof value === "string") {
    return answer.trim().toLowerCase() === value.trim().toLowerCase();
  }
  return answer === value;
}

function contains(answer: unknown, value: unknown): boolean {
  if (Array.isArray(answer)) return answer.indexOf(value) >= 0;
  if (typeof answer !== "string" || typeof value !== "string") return false;
  return answer.toLowerCase().indexOf(value.toLowerCase()) >= 0;
}
