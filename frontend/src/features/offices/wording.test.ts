import { expect, test } from "vitest";
import { people } from "./wording";

test("people are counted in words", () => {
  expect([people(0), people(1), people(12)]).toEqual(["no referrers", "1 referrer", "12 referrers"]);
});
