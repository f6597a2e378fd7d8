import { describe, expect, it } from "vitest";
import type { PlanOut } from "./queries";
import { missed, problemOf, standing, used } from "./wording";

const PLAN = {
  progress: "due",
  next: "send",
  due_on: "2026-12-30",
  ready_at: "2026-11-30T16:00:00Z",
  certified_by: null,
  late: false,
  signed_on: null,
} as PlanOut;

describe("how a plan stands", () => {
  it("says what to do and until when", () => {
    expect(standing(PLAN)).toContain("Send it by Dec 30, 2026: with the signed order");
    expect(standing({ ...PLAN, next: "send_to_sign", progress: "overdue" })).toContain("It was due Dec 30");
    expect(standing({ ...PLAN, ready_at: null })).toContain("Not complete yet");
    expect(standing({ ...PLAN, progress: "sent", certified_by: "assent" })).toContain("silence is assent");
    expect(standing({ ...PLAN, progress: "signed", signed_on: "2027-01-02", late: true })).toBe(
      "Signed Jan 2, 2027, after the deadline of Dec 30, 2026.",
    );
  });
});

describe("visits in words", () => {
  it("counts", () => {
    expect(used(1, null)).toBe("1 visit");
    expect(used(6, 16)).toBe("6 of 16 visits");
    expect(missed({ no_show: 1, late_cancel: 2 })).toBe("1 no-show, 2 late cancels");
    expect(missed({})).toBe("");
  });
  it("names the problem", () => {
    expect(problemOf({ side: "right", body_region: "shoulder", procedure: "Repair" })).toBe(
      "Right shoulder · Repair",
    );
    expect(problemOf({ side: null, body_region: null })).toBe("Body region not known");
  });
});
