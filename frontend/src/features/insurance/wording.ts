import { day } from "../../shared/lib/format";
import type { AuthorizationEventOut, AuthorizationOut, CoverageDetail, ItemOut } from "./queries";

export const RANKS: Record<string, string> = {
  primary: "Insurance",
  secondary: "Second insurance",
  tertiary: "Third insurance",
};
export const RELATIONS: Record<string, string> = {
  self: "The patient",
  spouse: "Spouse",
  child: "Parent (the patient is a child)",
  other: "Somebody else",
};
export const SOURCES: Record<string, string> = {
  fax: "from a fax",
  card: "from the card",
  patient: "by the patient",
  desk: "by the desk",
};
export const STATES: Record<string, string> = {
  not_started: "To verify",
  in_progress: "In progress",
  verified: "Verified",
  problem: "Problem",
  not_covered: "Not covered",
  self_pay: "Self-pay",
};
export const TONES: Record<string, string> = {
  not_started: "blue",
  in_progress: "blue",
  verified: "teal",
  problem: "red",
  not_covered: "red",
  self_pay: "gray",
};
export const REASONS: Record<string, string> = {
  coverage_changed: "The insurance was changed: verify again.",
  new_period: "A new month or plan year has begun: verify again.",
  another_insurance: "A fax names another insurance: ask which one counts, then verify again.",
};
export const AUTHORIZATION_STATES: Record<string, string> = {
  needed: "Needed",
  requested: "Requested",
  approved: "Approved",
  denied: "Denied",
  expired: "Expired",
  not_needed: "Not needed",
};
export const AUTHORIZATION_TONES: Record<string, string> = {
  needed: "orange",
  requested: "blue",
  approved: "teal",
  denied: "red",
  expired: "red",
  not_needed: "gray",
};
export const WARNINGS: Record<string, string> = {
  used_up: "Used up: request more before the next visit.",
  few_left: "Few visits left: request more now.",
  ends_soon: "Ends soon: request more now.",
  expired: "Its last day is past.",
};
export const RULES: Record<string, string> = {
  never: "Never",
  always: "Always",
  after_visits: "After a number of visits",
  ask: "Ask each time",
};

/** `Gold PPO · LM12345 · group 77`. */
export function detailsOf(coverage: CoverageDetail): string {
  const group = coverage.group_number && `group ${coverage.group_number}`;
  return [coverage.plan_name, coverage.member_id, group].filter(Boolean).join(" · ");
}

/** An answer as it is read: `$35.00`, `20%`, `Yes`. */
export function answerText(item: Pick<ItemOut, "kind">, value: string): string {
  if (item.kind === "amount") return `$${value}`;
  if (item.kind === "percent") return `${value}%`;
  return item.kind === "yes_no" ? value.charAt(0).toUpperCase() + value.slice(1) : value;
}

/** `4 of 12 visits`, `4 visits`. */
export function counted(row: AuthorizationOut): string {
  const unit = row.counts === "units" ? "units" : "visits";
  return row.approved === null ? `${row.used} ${unit} used` : `${row.used} of ${row.approved} ${unit}`;
}

/** One line of an authorization's history. */
export function eventText(event: AuthorizationEventOut): string {
  if (event.kind === "created") return "Noted";
  const parts = Object.entries(event.detail).flatMap(([name, pair]) => {
    if (!Array.isArray(pair)) return [];
    const shown = (value: unknown) =>
      value === null || value === ""
        ? "none"
        : name.startsWith("valid_")
          ? day(String(value))
          : String(value);
    return [`${name.replaceAll("_", " ")} ${shown(pair[0])} → ${shown(pair[1])}`];
  });
  return parts.join(", ") || "Saved";
}
