import { expect, test } from "vitest";
import { day, isFinal, problemInWords } from "./words";

test("days stay the day they are", () => {
  expect(day("1961-04-09")).toBe("Apr 9, 1961");
});

test("problems are said in words, unknown ones too", () => {
  expect(problemInWords("stale-version")).toContain("Read it again");
  expect(problemInWords("whatever")).toContain("call the practice");
  expect(isFinal("page-closed")).toBe(true);
  expect(isFinal("unreachable")).toBe(false);
});
