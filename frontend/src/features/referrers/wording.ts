import type { ReferrerProfile, ReferrerRow } from "./queries";

type Status = ReferrerRow["status"];

export const STATUS: Record<Status, { label: string; color: string }> = {
  active: { label: "Active", color: "teal" },
  inactive: { label: "Inactive", color: "orange" },
  lead: { label: "Never referred", color: "blue" },
  not_engaged: { label: "Not engaged", color: "gray" },
};

export const HEAR_BY: Record<ReferrerRow["hear_by"], string> = {
  fax: "Fax",
  email: "E-mail with a secure link",
  portal: "Their own page",
  none: "Not at all",
};

export const HEAR_OF: Record<ReferrerProfile["hear_of"][number], string> = {
  received: "Referral received",
  contacted: "Patient reached",
  unreachable: "Patient not reached",
  scheduled: "First visit scheduled",
  seen: "First visit done",
  plan_of_care: "Plan of care to sign",
  progress: "Progress",
  discharge: "Discharge with results",
  missing_info: "Something is missing",
  scorecard: "Scorecards",
};

/** `4 more than in the 90 days before`. */
export function trend(now: number, before: number): string {
  if (now === before) return now === 0 ? "none before either" : "as many as before";
  const size = Math.abs(now - before);
  return `${size} ${now > before ? "more" : "fewer"} than in the 90 days before`;
}

const WRONG: Record<string, string> = {
  "/npi": "Ten digits with a valid NPI check digit",
  "/phone": "A phone number with area code",
  "/fax": "A fax number with area code",
  "/email": "An e-mail address",
};

/** What is wrong with each field, in words where the server has none. */
export function wrongFields(errors: { pointer: string; detail: string }[]): Map<string, string> {
  return new Map(errors.map(({ pointer, detail }) => [pointer, WRONG[pointer] ?? detail]));
}

/** `Rowan Ortho, MD`. */
export const fullName = (row: { name: string; credential: string | null }) =>
  [row.name, row.credential].filter(Boolean).join(", ");
