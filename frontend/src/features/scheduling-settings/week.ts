import { timesAfter } from "../../shared/lib/week";
import type { AvailabilityIn } from "./queries";

export type Span = AvailabilityIn;

const bothHold = (one: Span, other: Span) =>
  (one.valid_until ?? "9999") >= (other.valid_from ?? "") &&
  (other.valid_until ?? "9999") >= (one.valid_from ?? "");

/** What is wrong with a day, or null. Spans may overlap at one clinic (other types), not at two. */
export function problemOf(spans: Span[]): string | null {
  for (const span of spans) {
    if (!span.opens || !span.closes) return "Give both times";
    if (span.opens >= span.closes) return "It must end after it begins";
    if (span.valid_from && span.valid_until && span.valid_until < span.valid_from)
      return "The last day is before the first";
  }
  for (const one of spans)
    for (const other of spans)
      if (one.location_id !== other.location_id && one.opens < other.closes && other.opens < one.closes)
        if (bothHold(one, other)) return "Nobody works at two clinics at once";
  return null;
}

/** A sensible span to add: like the last one of the day, after it; else the usual day. */
export function spanAfter(spans: Span[], weekday: number, location_id: string): Span {
  const last = spans.at(-1);
  const base = { weekday, location_id: last?.location_id ?? location_id, appointment_type_ids: [] };
  if (!last) return { ...base, opens: "08:00", closes: "17:00" };
  return { ...base, ...timesAfter(last, 4, 21) };
}
