import { expect, it } from "vitest";
import { clock, windowsText } from "./wording";

it("says times as people do", () => {
  expect([clock("08:00"), clock("12:30"), clock("13:00"), clock("00:15")]).toEqual([
    "8 AM",
    "12:30 PM",
    "1 PM",
    "12:15 AM",
  ]);
});

it("says when somebody would come", () => {
  expect(windowsText([])).toBe("any time");
  expect(
    windowsText([
      { day: "mon", start: "13:00", end: "18:00" },
      { day: "any", start: "08:00", end: "10:30" },
      { day: "2026-12-01", start: "09:00", end: "12:00" },
    ]),
  ).toBe("Mondays 1 PM–6 PM, any day 8 AM–10:30 AM, Dec 1, 2026 9 AM–12 PM");
});
