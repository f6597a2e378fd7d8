import type { Binding, Kind } from "./queries";

const TEXT: Kind[] = ["short_text", "long_text"];

const BINDINGS: { value: Binding; label: string; kinds: Kind[] }[] = [
  { value: "patient.first_name", label: "Patient: first name", kinds: TEXT },
  { value: "patient.middle_name", label: "Patient: middle name", kinds: TEXT },
  { value: "patient.last_name", label: "Patient: last name", kinds: TEXT },
  { value: "patient.suffix", label: "Patient: suffix", kinds: TEXT },
  { value: "patient.dob", label: "Patient: date of birth", kinds: ["date"] },
  { value: "patient.sex", label: "Patient: sex (answers f, m, x)", kinds: ["choice"] },
  { value: "patient.phone", label: "Patient: phone", kinds: ["phone"] },
  { value: "patient.phone_alt", label: "Patient: other phone", kinds: ["phone"] },
  { value: "patient.email", label: "Patient: e-mail", kinds: ["email"] },
  { value: "patient.address", label: "Patient: address", kinds: ["address"] },
  { value: "coverage.primary.payer_name", label: "Insurance: company", kinds: TEXT },
  { value: "coverage.primary.member_id", label: "Insurance: member ID", kinds: TEXT },
  { value: "coverage.primary.group_number", label: "Insurance: group", kinds: TEXT },
  { value: "coverage.secondary.payer_name", label: "Second insurance: company", kinds: TEXT },
  { value: "coverage.secondary.member_id", label: "Second insurance: member ID", kinds: TEXT },
  { value: "coverage.secondary.group_number", label: "Second insurance: group", kinds: TEXT },
  { value: "order.referrer_name", label: "Order: who referred", kinds: TEXT },
  { value: "order.body_part", label: "Order: body part", kinds: [...TEXT, "body_diagram"] },
  { value: "order.side", label: "Order: side", kinds: [...TEXT, "choice"] },
  { value: "order.surgery_date", label: "Order: surgery date", kinds: ["date"] },
  { value: "order.procedure", label: "Order: procedure", kinds: TEXT },
  { value: "order.diagnosis_text", label: "Order: diagnosis", kinds: TEXT },
];

/** Facts that can fill in a question of this kind. */
export function fitting(kind: Kind): { value: Binding; label: string }[] {
  return BINDINGS.filter((one) => one.kinds.includes(kind));
}
