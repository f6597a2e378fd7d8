/** Answers typed one after the other, each a whole number within a range. */
export interface Typed {
  items: (number | null)[];
  /** Where the next digit goes. */
  at: number;
  /** Whether another digit may still belong to the last number, as the 0 of 10. */
  open: boolean;
}

interface Range {
  lowest: number;
  highest: number;
}

const SKIP = [" ", "-", ".", "x"];

/** What a key does to the answers; null where it is none of ours. */
export function type(before: Typed, key: string, range: Range): Typed | null {
  const last = before.items.length - 1;
  if (SKIP.includes(key)) {
    const at = before.open ? Math.min(before.at + 1, last) : before.at;
    return { items: put(before.items, at, null), at: Math.min(at + 1, last), open: false };
  }
  if (key === "Backspace") return erase(before);
  if (!/^\d$/.test(key)) return null;
  const digit = Number(key);
  if (before.open) {
    const two = (before.items[before.at] ?? 0) * 10 + digit;
    if (two <= range.highest) {
      return { items: put(before.items, before.at, two), at: Math.min(before.at + 1, last), open: false };
    }
    if (before.at === last) return before;
    return place({ ...before, at: before.at + 1, open: false }, digit, range);
  }
  return place(before, digit, range);
}

function place(before: Typed, digit: number, { lowest, highest }: Range): Typed {
  // A digit that can be no answer stays out; the page says what can.
  const opens = digit > 0 && digit * 10 <= highest;
  if (!opens && (digit < lowest || digit > highest)) return before;
  const last = before.items.length - 1;
  const items = put(before.items, before.at, digit);
  return opens
    ? { items, at: before.at, open: true }
    : { items, at: Math.min(before.at + 1, last), open: false };
}

function erase(before: Typed): Typed {
  const at = before.open || before.items[before.at] !== null ? before.at : Math.max(before.at - 1, 0);
  return { items: put(before.items, at, null), at, open: false };
}

function put(items: (number | null)[], index: number, value: number | null): (number | null)[] {
  return items.map((item, at) => (at === index ? value : item));
}
