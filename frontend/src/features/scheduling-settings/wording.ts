import type { BookingRuleIn } from "./queries";

export const KINDS = [
  { value: "evaluation", label: "Evaluation" },
  { value: "follow_up", label: "Follow-up" },
  { value: "free_screen", label: "Free screen" },
  { value: "other", label: "Other" },
];
export const DISCIPLINES = ["PT", "OT", "SLP", "other"];
export const BLOCKS = [
  { value: "meeting", label: "Meeting" },
  { value: "lunch", label: "Lunch" },
  { value: "training", label: "Training" },
  { value: "admin", label: "Paperwork" },
  { value: "time_off", label: "Time off" },
  { value: "closed", label: "Closed" },
  { value: "other", label: "Other" },
];

/** How what a rule is about is called. */
export interface Names {
  clinician: (id: string) => string;
  clinic: (id: string) => string;
  type: (id: string) => string;
}

const KIND_NAMES: Record<string, string> = {
  evaluation: "evaluations",
  follow_up: "follow-ups",
  free_screen: "free screens",
  other: "other visits",
};

function what(rule: BookingRuleIn, names: Names): string {
  const kind = rule.appointment_type_id
    ? `“${names.type(rule.appointment_type_id)}” visits`
    : rule.type_kind
      ? (KIND_NAMES[rule.type_kind] ?? "visits")
      : "visits";
  return rule.payer ? `${kind} of patients with ${rule.payer}` : kind;
}

function where(rule: BookingRuleIn, names: Names): string {
  return rule.location_id ? ` at ${names.clinic(rule.location_id)}` : "";
}

/** A rule as a person would say it. */
export function ruleText(rule: BookingRuleIn, names: Names): string {
  const who = rule.clinician_id ? names.clinician(rule.clinician_id) : "Every clinician";
  const place = where(rule, names);
  if (rule.rule === "concurrency")
    return rule.most === 1
      ? `${who} sees one patient at a time for ${what(rule, names)}${place}.`
      : `${who} may have ${rule.most} ${what(rule, names)} at the same time${place}.`;
  if (rule.rule === "case_mix")
    return `${who} gives at most ${rule.most}% of a week's working time to ${what(rule, names)}${place}.`;
  const limit = `at most ${rule.most} ${what(rule, names)} a ${rule.period}`;
  if (rule.per === "practice") return `The whole practice takes ${limit}${place}.`;
  if (rule.per === "location")
    return rule.location_id
      ? `${names.clinic(rule.location_id)} takes ${limit}.`
      : `Each clinic takes ${limit}.`;
  return `${who} takes ${limit}${place}.`;
}
