import { expect, it } from "vitest";
import { ageOf, ageText } from "./first-contact";
import type { FirstContact } from "./queries";

const NOW = Date.parse("2026-11-24T16:00:00Z");
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const clock = (facts: Partial<FirstContact>) =>
  ({
    state: "running",
    due_soon_at: at(30),
    breach_at: at(60),
    stopped_at: null,
    first_contact_at: null,
    target_minutes: 60,
    attempt: { wall_minutes: 0, business_minutes: 0 },
    ...facts,
  }) as FirstContact;

it("ages while nobody tries, and goes on ageing after it was loaded", () => {
  expect([ageOf(clock({}), NOW), ageText(clock({}), NOW)]).toEqual(["fresh", "First call within 1 h"]);
  expect(ageOf(clock({}), NOW + 31 * 60_000)).toBe("ageing");
  expect(ageText(clock({}), NOW + 100 * 60_000)).toBe("First call 40 min late");
  const weekend = { attempt: { wall_minutes: 4000, business_minutes: 65 }, breach_at: at(-3900) };
  expect(ageOf(clock({ state: "breached", ...weekend }), NOW)).toBe("late");
  expect(ageText(clock({ state: "breached", ...weekend }), NOW)).toBe("First call 5 min late");
});

it("tells tried and reached apart", () => {
  expect(ageText(clock({ stopped_at: at(-1) }), NOW)).toBe("Tried, not reached");
  expect(ageText(clock({ stopped_at: at(-1), first_contact_at: at(-1) }), NOW)).toBe("Reached");
});

it("names the time when it is not today's work", () => {
  expect(ageText(clock({ due_soon_at: at(900), breach_at: at(1000) }), NOW)).toMatch(/^First call by /);
});
