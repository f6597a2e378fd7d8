import { describe, expect, it } from "vitest";
import { measure, segments } from "./segments";

describe("segments, counted as the server counts", () => {
  it.each([
    ["", 1],
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["a".repeat(306), 2],
    ["a".repeat(307), 3],
    ["€".repeat(80), 1],
    ["€".repeat(81), 2],
    ["ñ".repeat(160), 1],
    ["ç".repeat(70), 1],
    ["ç".repeat(71), 2],
    ["😀".repeat(35), 1],
    ["😀".repeat(36), 2],
    ["a".repeat(1600), 11],
    ["שלום ".repeat(14), 1],
    ["שלום ".repeat(15), 2],
  ])("%#", (text, count) => {
    expect(segments(text)).toBe(count);
  });

  it("says how much is left, and why an emoji makes it short", () => {
    expect(measure("hello")).toEqual({ segments: 1, left: 155, unicode: false });
    expect(measure("hello 😀")).toEqual({ segments: 1, left: 62, unicode: true });
  });
});
