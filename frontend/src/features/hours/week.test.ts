import { expect, it } from "vitest";
import { daysOf, problemOf, spanAfter, weeklyOf } from "./week";

const LUNCH = [
  { weekday: 0, opens: "08:00:00", closes: "12:00:00" },
  { weekday: 0, opens: "13:00:00", closes: "17:00:00" },
  { weekday: 5, opens: "09:00:00", closes: "12:00:00" },
];

it("turns the week into days and back", () => {
  const days = daysOf(LUNCH);
  expect(days[0]).toEqual([
    { opens: "08:00", closes: "12:00" },
    { opens: "13:00", closes: "17:00" },
  ]);
  expect(days[1]).toEqual([]);
  expect(weeklyOf(days)[2]).toEqual({ weekday: 5, opens: "09:00", closes: "12:00" });
});

it("says what is wrong with a day", () => {
  expect(problemOf([])).toBeNull();
  expect(problemOf([{ opens: "08:00", closes: "12:00" }])).toBeNull();
  expect(problemOf([{ opens: "12:00", closes: "12:00" }])).toMatch(/close after/);
  expect(problemOf([{ opens: "", closes: "12:00" }])).toMatch(/both/);
  const overlapping = [
    { opens: "10:00", closes: "14:00" },
    { opens: "08:00", closes: "11:00" },
  ];
  expect(problemOf(overlapping)).toMatch(/overlap/);
});

it("offers the usual day first, then an hour after the last span", () => {
  expect(spanAfter([])).toEqual({ opens: "08:00", closes: "18:00" });
  expect(spanAfter([{ opens: "08:00", closes: "12:00" }])).toEqual({ opens: "13:00", closes: "14:00" });
});
