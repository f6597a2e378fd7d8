import type { ImportOut } from "./queries";

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

export const readAs = (found: ImportOut): string =>
  `${found.total.toLocaleString("en-US")} rows, ${found.encoding}, separated by ${DELIMITERS[found.delimiter] ?? found.delimiter}`;
