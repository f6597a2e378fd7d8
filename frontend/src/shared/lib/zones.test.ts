import { expect, it } from "vitest";
import { dayAfter, instant, momentIn, timeIn, wall, weekday, weekOf, zoneName } from "./zones";

const CHICAGO = "America/Chicago";
const at = (text: string) => Date.parse(text);

it("reads the clinic's clock", () => {
  expect(wall(CHICAGO, at("2026-11-25T15:30:00Z"))).toEqual({ day: "2026-11-25", minutes: 9 * 60 + 30 });
  expect(wall(CHICAGO, at("2026-11-26T05:59:00Z"))).toEqual({ day: "2026-11-25", minutes: 23 * 60 + 59 });
  expect(wall(CHICAGO, at("2026-11-25T06:00:00Z"))).toEqual({ day: "2026-11-25", minutes: 0 });
  expect(timeIn(CHICAGO, "2026-11-25T15:30:00Z")).toBe("9:30 AM");
  expect(momentIn(CHICAGO, "2026-11-25T15:30:00Z")).toBe("Wed, Nov 25, 9:30 AM");
  expect(zoneName(CHICAGO)).toBe("Central Time");
});

it("finds the moment again, also where the clock changes", () => {
  for (const [day, minutes] of [
    ["2026-11-25", 570],
    ["2026-03-08", 0],
    ["2026-03-08", 8 * 60],
    ["2026-11-01", 0],
    ["2026-11-01", 13 * 60],
  ] as const)
    expect(wall(CHICAGO, instant(CHICAGO, day, minutes))).toEqual({ day, minutes });
  // 2:30 does not exist on March 8: it is 3:30. 1:30 exists twice on November 1: the first.
  expect(instant(CHICAGO, "2026-03-08", 150)).toBe(at("2026-03-08T08:30:00Z"));
  expect(instant(CHICAGO, "2026-11-01", 90)).toBe(at("2026-11-01T06:30:00Z"));
});

it("has 23 hours on the day that loses one", () => {
  const hours = (day: string) => (instant(CHICAGO, dayAfter(day), 0) - instant(CHICAGO, day, 0)) / 3_600_000;
  expect(hours("2026-03-08")).toBe(23);
  expect(hours("2026-11-01")).toBe(25);
  expect(hours("2026-11-25")).toBe(24);
});

it("counts days", () => {
  expect(dayAfter("2026-12-31")).toBe("2027-01-01");
  expect(dayAfter("2026-03-08", -8)).toBe("2026-02-28");
  expect(weekday("2026-11-23")).toBe(0);
  expect(weekOf("2026-11-29")[0]).toBe("2026-11-23");
  expect(weekOf("2026-11-29")[6]).toBe("2026-11-29");
});
