/** What the address of the calendar holds. */
export interface CalendarSearch {
  day?: string;
  view?: "week";
  by?: "clinic";
  location?: string;
  clinician?: string;
  canceled?: boolean;
  waitlist?: boolean;
  appointment?: string;
  lead?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const yes = (value: unknown) => value === true || value === "true" || undefined;

function day(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const at = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString().slice(0, 10);
}

/** Keep what we know, drop the rest. Day by clinician is what there is without a word. */
export function calendarSearch(search: Record<string, unknown>): CalendarSearch {
  return {
    day: day(search.day),
    view: search.view === "week" ? "week" : undefined,
    by: search.by === "clinic" ? "clinic" : undefined,
    location: text(search.location),
    clinician: text(search.clinician),
    canceled: yes(search.canceled),
    waitlist: yes(search.waitlist),
    appointment: text(search.appointment),
    lead: text(search.lead),
  };
}
