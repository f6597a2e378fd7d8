import { expect, it } from "vitest";
import { problemOf, type Span, spanAfter } from "./week";

const span = (opens: string, closes: string, more: Partial<Span> = {}): Span => ({
  weekday: 0,
  opens,
  closes,
  location_id: "north",
  ...more,
});

it("knows what cannot be", () => {
  expect(problemOf([span("08:00", "12:00"), span("10:00", "11:00")])).toBeNull();
  expect(problemOf([span("12:00", "12:00")])).toMatch(/end after/);
  const elsewhere = span("11:00", "14:00", { location_id: "lake" });
  expect(problemOf([span("08:00", "12:00"), elsewhere])).toMatch(/two clinics/);
  expect(problemOf([span("08:00", "11:00"), elsewhere])).toBeNull();
  const later = { ...elsewhere, valid_from: "2027-01-01" };
  expect(problemOf([span("08:00", "12:00", { valid_until: "2026-12-31" }), later])).toBeNull();
  expect(problemOf([{ ...later, valid_until: "2026-01-01" }])).toMatch(/before/);
});

it("offers the usual day, then the afternoon", () => {
  expect(spanAfter([], 2, "lake")).toMatchObject({
    weekday: 2,
    opens: "08:00",
    closes: "17:00",
    location_id: "lake",
  });
  expect(spanAfter([span("08:00", "12:00")], 0, "lake")).toMatchObject({
    opens: "13:00",
    closes: "17:00",
    location_id: "north",
  });
});
