import { describe, expect, it } from "vitest";
import { corrections, isoDate, normalOf, shown, trust, typed } from "./draft";
import type { FaxSegmentOut, FieldOut } from "./queries";
import type { Editor } from "./wording";

const field = (normal: FieldOut["normal"], confidence = 0.95) =>
  ({ normal, confidence, source: "ocr" }) as FieldOut;
const segment = {
  index: 0,
  fields: {
    patient_last_name: field("Sample"),
    icd10_codes: field(["M25.511"]),
    referrer_signed: field(true),
  },
} as unknown as FaxSegmentOut;
const editorOf = (name: string): Editor =>
  name === "icd10_codes"
    ? { kind: "list" }
    : name === "referrer_signed"
      ? { kind: "flag" }
      : { kind: "text" };

describe("corrections", () => {
  it("sends only what differs, in normal form", () => {
    const draft = {
      0: {
        patient_last_name: "Sample",
        icd10_codes: "m25.511, m54.50",
        patient_dob: "4/9/1961",
        referrer_signed: "",
      },
    };
    expect(corrections(draft, segment, editorOf)).toEqual({
      icd10_codes: ["M25.511", "M54.50"],
      patient_dob: "1961-04-09",
      referrer_signed: null,
    });
  });

  it("sends nothing when nothing was touched", () => {
    expect(corrections({}, segment, editorOf)).toEqual({});
  });
});

it("shows what was read until a person types", () => {
  expect(typed({}, segment, "patient_last_name")).toBe("Sample");
  expect(typed({ 0: { patient_last_name: "" } }, segment, "patient_last_name")).toBe("");
  expect(shown(["A", "B"])).toBe("A, B");
});

it("turns flags and dates", () => {
  expect(normalOf("true", { kind: "flag" })).toBe(true);
  expect(isoDate("12-1-1999")).toBe("1999-12-01");
  expect(isoDate("1999")).toBe("1999");
});

it("says how far to trust a reading", () => {
  expect([trust(undefined), trust(field("x", 0.95)), trust(field("x", 0.8)), trust(field("x", 0.3))]).toEqual(
    ["none", "sure", "check", "doubt"],
  );
});
