import { expect, test } from "vitest";
import { fullName, trend } from "./wording";

test("a trend is said in words", () => {
  expect(trend(5, 1)).toBe("4 more than in the 90 days before");
  expect(trend(1, 5)).toBe("4 fewer than in the 90 days before");
  expect(trend(2, 2)).toBe("as many as before");
  expect(trend(0, 0)).toBe("none before either");
});

test("a name comes with its credential, where there is one", () => {
  expect(fullName({ name: "Rowan Ortho", credential: "MD" })).toBe("Rowan Ortho, MD");
  expect(fullName({ name: "Lakeside", credential: null })).toBe("Lakeside");
});
