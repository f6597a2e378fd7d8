/** What the address of the list holds. */
export interface OfficesSearch {
  q?: string;
}

export function officesSearch(search: Record<string, unknown>): OfficesSearch {
  return { q: typeof search.q === "string" && search.q !== "" ? search.q : undefined };
}
