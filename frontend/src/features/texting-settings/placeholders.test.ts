import { expect, it } from "vitest";
import { insertAt } from "./placeholders";

it("puts a placeholder at the caret, apart from the word before it", () => {
  expect(insertAt("hi ", "first_name", 3, 3)).toEqual(["hi {first_name}", 15]);
  expect(insertAt("hi", "first_name", 2, 2)).toEqual(["hi {first_name}", 15]);
  expect(insertAt("", "practice", 0, 0)).toEqual(["{practice}", 10]);
  expect(insertAt("hi NAME!", "first_name", 3, 7)).toEqual(["hi {first_name}!", 15]);
});
