import { describe, expect, it } from "vitest";
import { givenOf, labelsOf, lacking, type Measure, screensOf, wordsOf } from "./screens";

const PAIN: Measure = {
  key: "nprs",
  name: "NPRS",
  items: 3,
  lowest: 0,
  highest: 10,
  activities: null,
  words: {},
};
const HARD: Measure = { ...PAIN, key: "psfs", name: "PSFS", items: 5 };
const AGAIN: Measure = { ...HARD, items: 4, activities: ["Run", "Lift", "Reach", "Kneel"] };
const WORDS = {
  intro: null,
  options: ["Easy", "Hard"],
  items: [
    { text: "One", options: null },
    { text: "Two", options: ["No", "A bit", "Some", "Much", "All"] },
  ],
};
const OWNED: Measure = { ...PAIN, key: "quickdash", items: 2, lowest: 1, highest: 5, words: { en: WORDS } };

describe("screens", () => {
  it("are one for pain, one for activities, and one for each licensed question", () => {
    expect(screensOf([OWNED, HARD, PAIN]).map((one) => [one.kind, one.index])).toEqual([
      ["item", 0],
      ["item", 1],
      ["hard", 0],
      ["pain", 0],
    ]);
  });

  it("lack what is not answered", () => {
    const [pain] = screensOf([PAIN]);
    const [hard] = screensOf([HARD]);
    const [again] = screensOf([AGAIN]);
    const [, second] = screensOf([OWNED]);
    if (!pain || !hard || !again || !second) throw new Error("no screens");
    expect(lacking(pain, {})).toBe(3);
    expect(lacking(pain, { nprs: { items: [0, null, 3], activities: null } })).toBe(1);
    expect(lacking(hard, {})).toBe(3);
    expect(lacking(hard, { psfs: { items: [1, 2, 3], activities: ["Run", "", "Lift"] } })).toBe(1);
    expect(lacking(again, { psfs: { items: [1, 2, 3, null], activities: null } })).toBe(1);
    expect(lacking(second, { quickdash: { items: [2], activities: null } })).toBe(1);
  });

  it("have a place for every answer", () => {
    expect(givenOf(OWNED, { quickdash: { items: [2], activities: null } })).toEqual({
      items: [2, null],
      activities: null,
    });
    expect(givenOf(AGAIN, {}).activities).toEqual(["Run", "Lift", "Reach", "Kneel"]);
    expect(givenOf(HARD, {}).items).toEqual([null, null, null]);
  });

  it("speak the language of the page where the practice has it, else the one there is", () => {
    expect(wordsOf(OWNED, "es")).toBe(WORDS);
    expect(wordsOf(PAIN, "es")).toBeUndefined();
    expect(labelsOf(WORDS, 0)).toEqual(["Easy", "Hard"]);
    expect(labelsOf(WORDS, 1)).toHaveLength(5);
  });
});
