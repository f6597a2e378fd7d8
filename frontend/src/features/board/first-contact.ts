import { moment, span } from "../../shared/lib/format";
import type { FirstContact } from "./queries";

export type Age = "fresh" | "ageing" | "late" | "tried" | "reached";

const FAR = 6 * 3_600_000;

/** How a card ages while nobody has tried to reach the patient; the server's clock, carried on by ours. */
export function ageOf(clock: FirstContact, now: number): Age {
  if (clock.first_contact_at) return "reached";
  if (clock.stopped_at) return "tried";
  if (clock.state === "breached" || now >= Date.parse(clock.breach_at)) return "late";
  return clock.state === "due_soon" || now >= Date.parse(clock.due_soon_at) ? "ageing" : "fresh";
}

/** The same in words, so that colour is never alone. */
export function ageText(clock: FirstContact, now: number): string {
  const left = Date.parse(clock.breach_at) - now;
  switch (ageOf(clock, now)) {
    case "reached":
      return "Reached";
    case "tried":
      return "Tried, not reached";
    case "late": {
      // What was late as it was loaded counts by the clinic's working time, as everywhere.
      const counted = (clock.attempt.business_minutes - clock.target_minutes) * 60_000;
      const late = clock.state === "breached" ? counted : -left;
      return late >= 60_000 ? `First call ${span(late)} late` : "First call late";
    }
    default:
      if (left > FAR) return `First call by ${moment(clock.breach_at)}`;
      return left < 60_000 ? "First call now" : `First call within ${span(left)}`;
  }
}
