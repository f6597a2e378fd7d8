import { day, moment, phone } from "../../shared/lib/format";
import type { Hl7QuestionOut, MaybePatient } from "./queries";

const EVENTS: Record<string, string> = {
  S12: "New appointment",
  S13: "Appointment moved",
  S14: "Appointment changed",
  S15: "Appointment canceled",
  S17: "Appointment deleted",
  S26: "Did not come",
  A04: "Registered",
  A08: "Details changed",
  A40: "Records merged",
};
const SEXES: Record<string, string> = { F: "female", M: "male", X: "other sex" };

/** "New appointment, Mon, Dec 7, 9:00 AM". */
export function messageLine(message: Hl7QuestionOut["messages"][number]): string {
  const what = EVENTS[message.event] ?? message.event;
  return message.starts_at ? `${what}, ${moment(message.starts_at)}` : what;
}

/** How many more there are than are shown. */
export function moreLine(question: Hl7QuestionOut): string | null {
  const left = question.count - question.messages.length;
  return left > 0
    ? `and ${left.toLocaleString("en-US")} earlier ${left === 1 ? "message" : "messages"}`
    : null;
}

export function nameOf(person: Hl7QuestionOut["person"]): string {
  const name = [person.first_name, person.middle_name, person.last_name, person.suffix];
  return name.filter(Boolean).join(" ") || "No name given";
}

/** What else the EMR says of them. */
export function personLine(person: Hl7QuestionOut["person"]): string {
  const facts = [
    person.dob && `born ${day(person.dob)}`,
    person.sex && SEXES[person.sex],
    phone(person.phone),
    person.mrn && `record ${person.mrn}`,
    person.address,
  ];
  return facts.filter(Boolean).join(" · ");
}

export function patientLine(patient: MaybePatient): string {
  const facts = [
    patient.dob ? `born ${day(patient.dob)}` : "no date of birth",
    phone(patient.phone),
    patient.mrn ? `record ${patient.mrn}` : "no record number",
  ];
  return facts.filter(Boolean).join(" · ");
}

/** What became of the newest message after it was decided. */
export function outcomeLine(question: Hl7QuestionOut): string {
  if (!question.outcome) return "Being taken in";
  if (question.outcome === "failed")
    return `Could not be taken in: ${question.detail ?? "see Provider events"}`;
  return question.outcome === "skipped" ? `Nothing to do: ${question.detail ?? "known already"}` : "Taken in";
}
