import { describe, expect, it } from "vitest";
import type { AuthorizationEventOut, AuthorizationOut } from "./queries";
import { answerText, counted, eventText } from "./wording";

const event = (kind: AuthorizationEventOut["kind"], detail: Record<string, unknown>) =>
  ({ id: "1", at: "2026-11-25T12:00:00Z", by: "Dana", kind, detail }) as AuthorizationEventOut;
const row = (facts: Partial<AuthorizationOut>) =>
  ({ used: 4, approved: 12, counts: "visits", ...facts }) as AuthorizationOut;

describe("wording of insurance", () => {
  it("shows answers by their kind", () => {
    expect(answerText({ kind: "amount" }, "35.00")).toBe("$35.00");
    expect(answerText({ kind: "percent" }, "20")).toBe("20%");
    expect(answerText({ kind: "yes_no" }, "unknown")).toBe("Unknown");
    expect(answerText({ kind: "count" }, "30")).toBe("30");
  });

  it("counts visits and units, with and without a limit", () => {
    expect(counted(row({}))).toBe("4 of 12 visits");
    expect(counted(row({ counts: "units", used: 16, approved: 48 }))).toBe("16 of 48 units");
    expect(counted(row({ approved: null }))).toBe("4 visits used");
  });

  it("tells what changed", () => {
    expect(eventText(event("created", { state: "needed" }))).toBe("Noted");
    expect(eventText(event("changed", { state: ["needed", "approved"], number: [null, "A-1"] }))).toBe(
      "state needed → approved, number none → A-1",
    );
    expect(eventText(event("changed", { valid_until: ["2027-01-14", null] }))).toBe(
      "valid until Jan 14, 2027 → none",
    );
  });
});
