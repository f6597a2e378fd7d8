import { dayText, minutesText } from "../../shared/lib/zones";

const HOUR = 60;
const DAY = 24 * HOUR;

/** `54 %`, `2 h 10 min`, `3.4 days`, `11.2`. */
export function said(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return `${Math.round(value * 100)} %`;
  if (unit === "minutes" || unit === "business_minutes") return duration(value);
  return value.toFixed(1);
}

/** Minutes in the unit they are read in. */
export function duration(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 2 * HOUR) return `${whole} min`;
  if (whole < 2 * DAY) return minutesText(whole);
  return `${(whole / DAY).toFixed(1)} days`;
}

/** `49 % to 61 %`; an end that is not known is left open. */
export function between(interval: { low: number | null; high: number | null } | null, unit: string): string {
  if (!interval) return "";
  if (interval.low === null || interval.high === null)
    return interval.low === null
      ? `up to ${said(interval.high, unit)}`
      : `${said(interval.low, unit)} or more`;
  return `${said(interval.low, unit)} to ${said(interval.high, unit)}`;
}

const SUBJECTS: Record<string, [string, string]> = {
  lead: ["referral", "referrals"],
  episode: ["case", "cases"],
  visit: ["visit", "visits"],
  fax: ["fax", "faxes"],
  text: ["text", "texts"],
  person: ["day of work", "days of work"],
  task: ["task", "tasks"],
  score: ["patient", "patients"],
};

/** `30 referrals`. */
export function counted(n: number, subject: string): string {
  const [one, many] = SUBJECTS[subject] ?? ["row", "rows"];
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

export const DIMENSIONS: Record<string, string> = {
  month: "Month",
  week: "Week",
  location: "Clinic",
  source: "Source",
  referrer: "Referrer",
  payer: "Payer",
  clinician: "Clinician",
  body_region: "Body region",
  procedure: "Procedure",
  post_op: "Surgery",
  person: "Person",
  part: "Reason",
  instrument: "Measure",
  point: "Point in care",
};

export const FAMILIES: [string, string][] = [
  ["contact", "First contact"],
  ["conversion", "From referral to care"],
  ["attendance", "Attendance"],
  ["care", "Care"],
  ["outcomes", "Outcomes"],
  ["loop", "The referrer hears back"],
  ["desk", "The desk"],
  ["faxes", "Faxes and texts"],
];

const REASONS: Record<string, string> = {
  merged: "part of another lead",
  duplicate: "duplicates",
  out_of_scope: "not for this practice",
  too_young: "too young to count yet",
  not_noted: "outcome not noted yet",
  no_referrer: "nobody referred them",
  rejected: "rejected as no referral",
  unreadable: "not readable",
  late_baseline: "first score came too late",
  baseline_zero: "nothing to improve",
  other_version: "another version of the measure",
  other_activities: "other activities rated",
  few_in_common: "too few activities rated both times",
};

/** Why a row does not count. */
export const reason = (code: string) => REASONS[code] ?? code.replaceAll("_", " ");

/** The key of a group as an axis shows it: `Mar 26`, or its label. */
export function tick(key: string | null, label: string, by: string | null): string {
  if (key && by === "month") return dayText(key, { month: "short", year: "2-digit" });
  if (key && by === "week") return dayText(key, { month: "short", day: "numeric" });
  return label;
}

export const SKIPPED: Record<string, string> = {
  nothing_to_say: "The data carry no sentence",
  prefers_none: "Wants no mail",
  prefers_portal: "Looks in the portal",
  prefers_less: "Wants no scorecards",
  no_address: "No fax number or e-mail known",
};

export const STATES = {
  preparing: { label: "being prepared", color: "gray" },
  ready: { label: "to look at", color: "blue" },
  sending: { label: "being sent", color: "teal" },
  sent: { label: "sent", color: "green" },
};
