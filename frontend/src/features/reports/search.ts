export const PERIODS = [
  { value: "last_30_days", label: "Last 30 days" },
  { value: "last_90_days", label: "Last 90 days" },
  { value: "last_12_months", label: "Last 12 months" },
  { value: "this_month", label: "This month" },
  { value: "last_month", label: "Last month" },
  { value: "this_year", label: "This year" },
  { value: "all", label: "All time" },
] as const;
export type Period = (typeof PERIODS)[number]["value"];
export const USUAL: Period = "last_12_months";
const TABS = ["figures", "saved", "scorecards"] as const;

/** What the address of the reports holds. `rows` is the question whose rows are shown, as the API asks it. */
export interface ReportsSearch {
  tab?: (typeof TABS)[number];
  period?: Period;
  location?: string;
  source?: string;
  referrer?: string;
  metric?: string;
  by?: string;
  rows?: string;
  lead?: string;
  batch?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Keep what we know, drop the rest. */
export function reportsSearch(search: Record<string, unknown>): ReportsSearch {
  return {
    tab: TABS.find((tab) => tab === search.tab),
    period: PERIODS.find(({ value }) => value === search.period)?.value,
    location: text(search.location),
    source: text(search.source),
    referrer: text(search.referrer),
    metric: text(search.metric),
    by: text(search.by),
    rows: text(search.rows),
    lead: text(search.lead),
    batch: text(search.batch),
  };
}
