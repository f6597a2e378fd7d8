/** What the address of the queue holds. */
export interface FaxesSearch {
  tab?: string;
  q?: string;
}

export function faxesSearch(search: Record<string, unknown>): FaxesSearch {
  return {
    tab: typeof search.tab === "string" ? search.tab : undefined,
    q: typeof search.q === "string" && search.q !== "" ? search.q : undefined,
  };
}
