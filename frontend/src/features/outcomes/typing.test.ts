import { describe, expect, it } from "vitest";
import { type Typed, type } from "./typing";

const FOUR = { lowest: 0, highest: 4 };
const TEN = { lowest: 0, highest: 10 };
const ONE_TO_FIVE = { lowest: 1, highest: 5 };

function typed(keys: string, count: number, range: { lowest: number; highest: number }): Typed {
  let state: Typed = { items: Array(count).fill(null), at: 0, open: false };
  for (const key of keys) state = type(state, key === "<" ? "Backspace" : key, range) ?? state;
  return state;
}

describe("typing answers", () => {
  it("moves on with each digit", () => {
    expect(typed("3042", 4, FOUR).items).toEqual([3, 0, 4, 2]);
    expect(typed("30", 4, FOUR).at).toBe(2);
  });

  it("takes 10 for ten and 1 before another digit for one", () => {
    expect(typed("8106", 3, TEN).items).toEqual([8, 10, 6]);
    expect(typed("1756", 4, TEN).items).toEqual([1, 7, 5, 6]);
    expect(typed("1 9", 3, TEN).items).toEqual([1, null, 9]);
  });

  it("skips what is not answered", () => {
    expect(typed("2-3", 3, ONE_TO_FIVE).items).toEqual([2, null, 3]);
  });

  it("leaves out what can be no answer", () => {
    expect(typed("06", 2, ONE_TO_FIVE)).toEqual({ items: [null, null], at: 0, open: false });
    expect(type({ items: [null], at: 0, open: false }, "a", FOUR)).toBeNull();
  });

  it("goes back", () => {
    expect(typed("34<1", 3, FOUR).items).toEqual([3, 1, null]);
    expect(typed("10<", 2, TEN)).toEqual({ items: [null, null], at: 0, open: false });
  });

  it("stays at the end", () => {
    expect(typed("12344", 3, FOUR).items).toEqual([1, 2, 4]);
  });
});
