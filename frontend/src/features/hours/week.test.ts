import { expect, it } from "vitest";
import { problemOf, spanAfter } from "./week";

const span = (opens: string, closes: string) => ({ weekday: 0, opens, closes });

it("says what is wrong with a day", () => {
  expect(problemOf([])).toBeNull();
  expect(problemOf([span("08:00", "12:00")])).toBeNull();
  expect(problemOf([span("12:00", "12:00")])).toMatch(/close after/);
  expect(problemOf([span("", "12:00")])).toMatch(/both/);
  expect(problemOf([span("10:00", "14:00"), span("08:00", "11:00")])).toMatch(/overlap/);
});

it("offers the usual day first, then an hour after the last span", () => {
  expect(spanAfter([], 3)).toEqual({ weekday: 3, opens: "08:00", closes: "18:00" });
  expect(spanAfter([span("08:00", "12:00")], 0)).toEqual(span("13:00", "14:00"));
});
