import { describe, expect, it } from "vitest";
import { clock, halfHours, policySentence } from "./policy-sentence";

const careful = {
  first_text: "consent_first" as const,
  opens: "09:00:00",
  closes: "20:00:00",
  sundays: false,
  per_day: 1,
  per_week: 3,
};

describe("policySentence", () => {
  it("says who is texted, when, and how often", () => {
    expect(policySentence(careful)).toBe(
      "A new patient whose number came by fax gets one text asking for consent, between 9:00 AM and 8:00 PM at the " +
        "patient's place, never on Sundays. Everything else waits for a yes. Nobody gets more than one text a day " +
        "and 3 a week unasked; answers to a patient do not count.",
    );
  });

  it("follows every choice", () => {
    const other = policySentence({
      ...careful,
      first_text: "send",
      sundays: true,
      per_day: 2,
      closes: "21:00",
    });
    expect(other).toContain("without being asked");
    expect(other).toContain("9:00 PM");
    expect(other).toContain("Sundays included");
    expect(other).toContain("2 texts a day");
    expect(policySentence({ ...careful, first_text: "off" })).not.toContain("waits for a yes");
  });
});

describe("times", () => {
  it("reads noon and midnight", () => {
    expect([clock("00:30"), clock("12:00"), clock("13:05:00")]).toEqual(["12:30 AM", "12:00 PM", "1:05 PM"]);
  });

  it("offers each half hour", () => {
    expect(halfHours(8, 9).map((item) => item.value)).toEqual(["08:00", "08:30", "09:00"]);
  });
});
