import { expect, it } from "vitest";
import type { BookingRuleIn } from "./queries";
import { ruleText } from "./wording";

const names = { clinician: () => "Pat Therapist", clinic: () => "North", type: () => "Dry needling" };
const say = (rule: Partial<BookingRuleIn>) =>
  ruleText({ rule: "count", per: "clinician", most: 2, ...rule } as BookingRuleIn, names);

it("says rules in plain words", () => {
  expect(say({ period: "day", type_kind: "evaluation" })).toBe(
    "Every clinician takes at most 2 evaluations a day.",
  );
  expect(say({ period: "week", per: "location", location_id: "n", payer: "Medicaid", most: 10 })).toBe(
    "North takes at most 10 visits of patients with Medicaid a week.",
  );
  expect(say({ period: "day", per: "practice", appointment_type_id: "t" })).toBe(
    "The whole practice takes at most 2 “Dry needling” visits a day.",
  );
  expect(say({ rule: "case_mix", clinician_id: "p", payer: "Lakeside Mutual", most: 10 })).toBe(
    "Pat Therapist gives at most 10% of a week's working time to visits of patients with Lakeside Mutual.",
  );
  expect(say({ rule: "concurrency", type_kind: "follow_up", location_id: "n" })).toBe(
    "Every clinician may have 2 follow-ups at the same time at North.",
  );
  expect(say({ rule: "concurrency", most: 1 })).toBe(
    "Every clinician sees one patient at a time for visits.",
  );
});
