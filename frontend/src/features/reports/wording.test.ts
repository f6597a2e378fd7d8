import { describe, expect, it } from "vitest";
import { daysOf } from "./periods";
import { between, counted, duration, said, tick } from "./wording";

describe("figures in words", () => {
  it("says values in the unit they are read in", () => {
    expect(said(0.7, "share")).toBe("70 %");
    expect(said(null, "share")).toBe("–");
    expect(said(151 / 19, "visits")).toBe("7.9");
    expect([59, 119, 130, 2880].map(duration)).toEqual(["59 min", "119 min", "2 h 10 min", "2.0 days"]);
  });
  it("leaves an unknown end of an interval open", () => {
    expect(between({ low: 0.2, high: 0.5 }, "share")).toBe("20 % to 50 %");
    expect(between({ low: 60, high: null }, "minutes")).toBe("60 min or more");
    expect(between(null, "share")).toBe("");
  });
  it("counts one and many", () => {
    expect([counted(1, "fax"), counted(1200, "lead")]).toEqual(["1 fax", "1,200 referrals"]);
  });
  it("names months shortly", () => {
    expect(tick("2026-03-01", "2026-03-01", "month")).toBe("Mar 26");
    expect(tick(null, "Not known", "referrer")).toBe("Not known");
  });
});

describe("periods", () => {
  const today = "2026-01-15";
  it("moves on with the day", () => {
    expect(daysOf("last_12_months", today)).toEqual({ from: "2025-01-01", to: "2025-12-31" });
    expect(daysOf("last_month", today)).toEqual({ from: "2025-12-01", to: "2025-12-31" });
    expect(daysOf("last_30_days", today)).toEqual({ from: "2025-12-16", to: "2026-01-14" });
    expect(daysOf("this_year", today)).toEqual({ from: "2026-01-01", to: "2026-01-15" });
    expect(daysOf("all", today)).toEqual({});
  });
});
