import { expect, test } from "vitest";
import type { ImportOut } from "./queries";
import { countsOf, readAs } from "./wording";

const found = {
  state: "checked",
  total: 12000,
  encoding: "utf-16",
  delimiter: "\t",
  day_first: [],
  counts: { created: 0, updated: 2, skipped: 0, asked: 1, failed: 0 },
} as unknown as ImportOut;

test("a check says what would happen, an import what did", () => {
  expect(countsOf(found).map(([label]) => label)).toEqual([
    "would be new",
    "would be completed",
    "may be known: you decide",
  ]);
  expect(countsOf({ ...found, state: "done" })[1]).toEqual(["completed", 2]);
  expect(readAs({ ...found, day_first: ["DOB"] })).toMatch("dates in DOB are day/month/year");
  expect(readAs(found)).toBe("12,000 rows, utf-16, separated by tabs");
});
