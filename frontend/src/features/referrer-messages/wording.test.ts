import { expect, test } from "vitest";
import { told } from "./wording";

test("how they hear of an answer is said in words", () => {
  expect(told({ told: "sent", way: "email", reason: null })).toBe("told by e-mail");
  expect(told({ told: "sent", way: "fax", reason: null })).toBe("faxed to them");
  expect(told({ told: "waiting", way: null, reason: null })).toBe("being sent to them");
  expect(told({ told: "not_sent", way: null, reason: "prefers_portal" })).toBe("they see it on their page");
  expect(told({ told: "failed", way: "fax", reason: "busy" })).toMatch(/^could not be sent/);
});
