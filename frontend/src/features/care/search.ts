export interface CareSearch {
  location?: string;
  unbooked?: boolean;
  q?: string;
  lead?: string;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** What the pages of care keep in the address. */
export const careSearch = (search: Record<string, unknown>): CareSearch => ({
  location: text(search.location),
  unbooked: search.unbooked === true || undefined,
  q: text(search.q),
  lead: text(search.lead),
});
