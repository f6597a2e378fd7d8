/** What the address of the board holds. */
export interface BoardSearch {
  location?: string;
  owner?: string;
  source?: string;
  overdue?: boolean;
  duplicates?: boolean;
  q?: string;
  lead?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Keep what we know, drop the rest. */
export function boardSearch(search: Record<string, unknown>): BoardSearch {
  return {
    location: text(search.location),
    owner: text(search.owner),
    source: text(search.source),
    overdue: search.overdue === true || search.overdue === "true" || undefined,
    duplicates: search.duplicates === true || search.duplicates === "true" || undefined,
    q: text(search.q),
    lead: text(search.lead),
  };
}

/** Whether only a part of the leads is shown. */
export function isFiltered(search: BoardSearch): boolean {
  const { location, owner, source, overdue, duplicates, q } = search;
  return Boolean(location || owner || source || overdue || duplicates || q);
}
