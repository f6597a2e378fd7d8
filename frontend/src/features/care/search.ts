export interface CareSearch {
  location?: string;
  unbooked?: boolean;
  q?: string;
  lead?: string;
  episode?: string;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** What the pages of care keep in the address. */
export const careSearch = (search: Record<string, unknown>): CareSearch => ({
  location: text(search.location),
  unbooked: search.unbooked === true || undefined,
  q: text(search.q),
  lead: text(search.lead),
  episode: text(search.episode),
});

/** What a page of care shows beside its list: the lead; the care itself where it has none. */
export type Opened = Pick<CareSearch, "lead" | "episode">;
export const opened = (leadId: string | null, episodeId: string): Opened =>
  leadId ? { lead: leadId } : { episode: episodeId };
