export type StatusFilter = "lead" | "active" | "inactive" | "not_engaged";
export type Sort = "name" | "referrals";

/** What the address of the list holds. */
export interface ReferrersSearch {
  q?: string;
  status?: StatusFilter;
  sort?: Sort;
}

const STATUSES: readonly string[] = ["lead", "active", "inactive", "not_engaged"];

export function referrersSearch(search: Record<string, unknown>): ReferrersSearch {
  return {
    q: typeof search.q === "string" && search.q !== "" ? search.q : undefined,
    status: STATUSES.includes(String(search.status)) ? (search.status as StatusFilter) : undefined,
    sort: search.sort === "referrals" ? "referrals" : undefined,
  };
}

/** What the address of one referrer holds. */
export interface ReferrerSearch {
  tab?: string;
}

export function referrerSearch(search: Record<string, unknown>): ReferrerSearch {
  return { tab: typeof search.tab === "string" ? search.tab : undefined };
}
