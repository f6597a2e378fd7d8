import { dayAfter } from "../../shared/lib/zones";
import type { Period } from "./search";

const BACK: Partial<Record<Period, number>> = { last_30_days: 30, last_90_days: 90 };
const firstOf = (day: string) => `${day.slice(0, 7)}-01`;
const yearBefore = (day: string) => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;

/** First and last day of a period, as the server moves it on (`periods.py`). */
export function daysOf(period: Period, today: string): { from?: string; to?: string } {
  const back = BACK[period];
  const first = firstOf(today);
  const before = dayAfter(first, -1);
  if (back) return { from: dayAfter(today, -back), to: dayAfter(today, -1) };
  switch (period) {
    case "last_12_months":
      return { from: yearBefore(first), to: before };
    case "this_month":
      return { from: first, to: today };
    case "last_month":
      return { from: firstOf(before), to: before };
    case "this_year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    default:
      return {};
  }
}
