import type { ListFilter } from "./queries";

/** What the address of the inbox holds; what was searched for stays out of it. */
export interface InboxSearch {
  filter?: ListFilter;
}

const KNOWN = new Set<string>(["waiting", "mine", "unassigned", "undeliverable", "mentioned", "all"]);

/** Keep what we know, drop the rest. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  return { filter: KNOWN.has(String(search.filter)) ? (search.filter as ListFilter) : undefined };
}
