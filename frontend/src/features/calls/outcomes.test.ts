import { expect, test } from "vitest";
import { clock } from "./outcomes";

test("says a length as minutes and seconds", () => {
  expect(clock(0)).toBe("0:00");
  expect(clock(42)).toBe("0:42");
  expect(clock(725.8)).toBe("12:05");
});
