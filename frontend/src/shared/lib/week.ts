export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A stretch of a day; 0 is Monday. */
export interface DaySpan {
  weekday: number;
  opens: string;
  closes: string;
}

/** The week as seven lists, as a form shows it: times without seconds. `flat()` is the way back. */
export function byDay<S extends DaySpan>(items: S[]): S[][] {
  return DAYS.map((_, weekday) =>
    items
      .filter((span) => span.weekday === weekday)
      .map((span) => ({ ...span, opens: span.opens.slice(0, 5), closes: span.closes.slice(0, 5) })),
  );
}

/** Times for one more span: an hour after the last, so many hours long. */
export function timesAfter(last: DaySpan, hours: number, latest: number): { opens: string; closes: string } {
  const hour = Math.min(Number(last.closes.slice(0, 2)) + 1, latest);
  const at = (value: number) => `${String(Math.min(value, 23)).padStart(2, "0")}:00`;
  return { opens: at(hour), closes: at(hour + hours) };
}
