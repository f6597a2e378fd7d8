import type { WeekdaySpanOut } from "./queries";

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export interface Span {
  opens: string;
  closes: string;
}

/** The week as seven lists of spans, as the form shows it. */
export function daysOf(weekly: WeekdaySpanOut[]): Span[][] {
  return DAYS.map((_, weekday) =>
    weekly
      .filter((span) => span.weekday === weekday)
      .map(({ opens, closes }) => ({ opens: opens.slice(0, 5), closes: closes.slice(0, 5) })),
  );
}

/** And back, as the API takes it. */
export function weeklyOf(days: Span[][]): (Span & { weekday: number })[] {
  return days.flatMap((spans, weekday) => spans.map((span) => ({ weekday, ...span })));
}

/** What is wrong with a day, or null. */
export function problemOf(spans: Span[]): string | null {
  const ordered = [...spans].sort((one, other) => one.opens.localeCompare(other.opens));
  for (const [index, span] of ordered.entries()) {
    if (!span.opens || !span.closes) return "Give both times";
    if (span.opens >= span.closes) return "It must close after it opens";
    const next = ordered[index + 1];
    if (next && next.opens < span.closes) return "These times overlap";
  }
  return null;
}

/** A sensible span to add: the usual day, or the afternoon after the last one. */
export function spanAfter(spans: Span[]): Span {
  const last = spans.at(-1);
  if (!last) return { opens: "08:00", closes: "18:00" };
  const hour = Math.min(Number(last.closes.slice(0, 2)) + 1, 22);
  return { opens: `${String(hour).padStart(2, "0")}:00`, closes: `${String(hour + 1).padStart(2, "0")}:00` };
}
