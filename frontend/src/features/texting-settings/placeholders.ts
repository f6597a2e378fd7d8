/** What may be filled into a text. */
export const PLACEHOLDERS = [
  { name: "practice", label: "Practice" },
  { name: "clinic", label: "Clinic" },
  { name: "clinic_phone", label: "Clinic's phone" },
  { name: "first_name", label: "First name" },
  { name: "staff_name", label: "Your name" },
  { name: "schedule_link", label: "Link: pick a time" },
  { name: "reschedule_link", label: "Link: another time" },
  { name: "measure_link", label: "Link: questions on progress" },
  { name: "visit_link", label: "Link: where to go" },
  { name: "intake_link", label: "Link: forms" },
  { name: "upload_link", label: "Link: send papers" },
  { name: "slots", label: "Times to choose from" },
];

/** The text with `{name}` put at the caret, and where the caret is then. */
export function insertAt(body: string, name: string, start: number, end: number): [string, number] {
  const before = body.slice(0, start);
  const gap = before === "" || /\s$/.test(before) ? "" : " ";
  const added = `${gap}{${name}}`;
  return [before + added + body.slice(end), start + added.length];
}
