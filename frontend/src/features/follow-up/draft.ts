import type { Conditions, SequenceIn, SequenceOut, Step } from "./queries";

/** A step being written; the key keeps its row while steps move. */
export type DraftStep = Step & { key: number };

export interface Draft {
  name: string;
  trigger: SequenceIn["trigger"];
  active: boolean;
  conditions: Required<Conditions>;
  steps: DraftStep[];
}

export const KINDS = [
  { kind: "text", label: "Text the patient" },
  { kind: "call", label: "Call task" },
  { kind: "task", label: "Other task" },
  { kind: "tell_referrer", label: "Tell the referring office" },
  { kind: "close", label: "Close the lead as lost" },
] as const;

export const TRIGGERS = [
  { value: "lead_opened", label: "A new lead" },
  { value: "unreachable", label: "The phone number is missing or wrong" },
  { value: "evaluation_missed", label: "The evaluation was missed" },
  { value: "inactive", label: "Nothing was heard for a while" },
] as const;

let last = 0;
const key = () => ++last;

/** An empty sequence, or one to change. */
export function draftOf(sequence: SequenceOut | null): Draft {
  return {
    name: sequence?.name ?? "",
    trigger: sequence?.trigger ?? "lead_opened",
    active: sequence?.active ?? true,
    conditions: { sources: [], location_ids: [], payers: [], urgencies: [], ...sequence?.conditions },
    steps: (sequence?.steps ?? [blank("text")]).map((step) => ({ ...step, key: key() })),
  };
}

function blank(kind: Step["kind"]): Step {
  const after = { amount: 0, unit: "hours", working: true } as const;
  switch (kind) {
    case "text":
      return { kind, after, template: "first_text" };
    case "call":
      return { kind, after, title: "Call the patient", within_hours: null };
    case "task":
      return { kind, after, title: "", within_hours: 4 };
    case "tell_referrer":
      return { kind, after, within_hours: 4 };
    case "close":
      return { kind, after, reason: "No response" };
  }
}

/** One more step at the end; closing stays last. */
export function added(steps: DraftStep[], kind: Step["kind"]): DraftStep[] {
  const step = { ...blank(kind), key: key() };
  if (steps.length > 0 && step.after) step.after = { amount: 1, unit: "days", working: true };
  const closing = steps.at(-1)?.kind === "close" ? steps.length - 1 : steps.length;
  return [...steps.slice(0, closing), step, ...steps.slice(closing)];
}

export function removed(steps: DraftStep[], which: number): DraftStep[] {
  return steps.filter((step) => step.key !== which);
}

export function changed(steps: DraftStep[], which: number, change: Partial<DraftStep>): DraftStep[] {
  return steps.map((step) => (step.key === which ? ({ ...step, ...change } as DraftStep) : step));
}

/** One place up (-1) or down (1); at the end nothing moves. */
export function moved<T>(items: T[], index: number, by: -1 | 1): T[] {
  const other = index + by;
  if (other < 0 || other >= items.length) return items;
  const order = [...items];
  [order[index], order[other]] = [order[other] as T, order[index] as T];
  return order;
}

/** What the server takes. */
export function stepsOf(steps: DraftStep[]): Step[] {
  return steps.map(({ key: _, ...step }) => step as Step);
}

/** What keeps the draft from being saved, or null. */
export function missing(draft: Draft): string | null {
  if (!draft.name.trim()) return "Give the sequence a name.";
  if (draft.steps.length === 0) return "Add a step.";
  for (const [index, step] of draft.steps.entries()) {
    const at = `Step ${index + 1}`;
    if ((step.kind === "call" || step.kind === "task") && !step.title.trim()) return `${at} needs a title.`;
    if (step.kind === "close" && !step.reason.trim()) return `${at} needs a reason.`;
    if (step.kind === "close" && index < draft.steps.length - 1) return "Closing the lead must come last.";
  }
  return null;
}
