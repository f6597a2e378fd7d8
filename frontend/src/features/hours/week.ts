import { type DaySpan, timesAfter } from "../../shared/lib/week";

/** What is wrong with a day, or null. */
export function problemOf(spans: DaySpan[]): string | null {
  const ordered = [...spans].sort((one, other) => one.opens.localeCompare(other.opens));
  for (const [index, span] of ordered.entries()) {
    if (!span.opens || !span.closes) return "Give both times";
    if (span.opens >= span.closes) return "It must close after it opens";
    const next = ordered[index + 1];
    if (next && next.opens < span.closes) return "These times overlap";
  }
  return null;
}

/** A sensible span to add: the usual day, or an hour after the last one. */
export function spanAfter(spans: DaySpan[], weekday: number): DaySpan {
  const last = spans.at(-1);
  return { weekday, ...(last ? timesAfter(last, 1, 22) : { opens: "08:00", closes: "18:00" }) };
}
