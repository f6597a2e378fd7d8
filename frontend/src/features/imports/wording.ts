import type { ImportOut } from "./queries";

/** What a file may hold: name, label, what becomes of it. */
export const KINDS: [ImportOut["kind"], string, string][] = [
  ["patients", "Patients", "Each row a patient: made, or completed where they are known."],
  ["leads", "Leads", "Each row a patient who needs a call: on the board at once."],
  [
    "visits",
    "Visits",
    "Each row a visit that took place or did not. It goes to its patient by record number, or by name and date of birth, and to its episode; an attended evaluation begins one, a discharge date beside it ends it.",
  ],
  [
    "appointments",
    "Appointments",
    "Each row an appointment: those to come are booked and moved as in the EMR, those that are over get their outcome.",
  ],
];

const STATES: Record<ImportOut["state"], string> = {
  checking: "Checking",
  checked: "Checked, not imported yet",
  running: "Importing",
  done: "Imported",
  failed: "Could not be read",
};

export const stateOf = (found: ImportOut): string => STATES[found.state];

/** What became of the rows, or (after a check) would. */
export function countsOf(found: ImportOut): [string, number][] {
  const would = found.state === "checking" || found.state === "checked";
  const { counts } = found;
  const said: [string, number][] = [
    [would ? "would be new" : "new", counts.created ?? 0],
    [would ? "would be completed" : "completed", counts.updated ?? 0],
    [would ? "would be skipped" : "skipped", counts.skipped ?? 0],
    ["may be known: you decide", counts.asked ?? 0],
    ["cannot be read", counts.failed ?? 0],
  ];
  return said.filter(([, number], place) => place === 0 || number > 0);
}

const DELIMITERS: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

const dayFirst = (found: ImportOut): string =>
  found.day_first.length ? `; dates in ${found.day_first.join(", ")} are day/month/year` : "";

export const readAs = (found: ImportOut): string =>
  `${found.total.toLocaleString("en-US")} rows, ${found.encoding}, separated by ${DELIMITERS[found.delimiter] ?? found.delimiter}${dayFirst(found)}`;
