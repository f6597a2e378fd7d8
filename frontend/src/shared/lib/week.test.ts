import { expect, it } from "vitest";
import { byDay, timesAfter } from "./week";

const span = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes, place: "north" });

it("turns the week into days and back", () => {
  const week = [
    span(0, "08:00:00", "12:00:00"),
    span(0, "13:00:00", "17:00:00"),
    span(5, "09:00:00", "12:00:00"),
  ];
  const days = byDay(week);
  expect(days.map((spans) => spans.length)).toEqual([2, 0, 0, 0, 0, 1, 0]);
  expect(days.flat()[2]).toEqual(span(5, "09:00", "12:00"));
});

it("begins an hour after the last, and ends before midnight", () => {
  expect(timesAfter(span(0, "08:00", "12:30"), 4, 21)).toEqual({ opens: "13:00", closes: "17:00" });
  expect(timesAfter(span(0, "08:00", "22:30"), 4, 21)).toEqual({ opens: "21:00", closes: "23:00" });
});
