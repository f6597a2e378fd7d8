import { expect, test } from "vitest";
import type { FirstSlotsOut, SlotOut } from "./queries";
import { at, reason } from "./wording";

const slot = { starts_at: "2026-12-01T21:00:00Z", timezone: "America/Chicago" } as SlotOut;
const found: FirstSlotsOut = {
  slots: [slot],
  in_window: true,
  as_said: true,
  said: [],
  window: { earliest: null, latest: null, why: null },
};

test("times are those of the clinic", () => {
  expect(at(slot)).toBe("Tue, Dec 1, 3:00 PM");
});

test("says what speaks for and against the times", () => {
  expect(reason(found)).toBe("");
  expect(reason({ ...found, slots: [] })).toBe("Nothing is free in the next three weeks.");
  const window = { earliest: null, latest: "2026-12-02", why: "urgent" as const };
  expect(reason({ ...found, window })).toBe("Due by Dec 2 (urgent order).");
  expect(reason({ ...found, window, in_window: false, said: ["Tue"], as_said: false })).toBe(
    "Nothing is free by Dec 2 (urgent order). Nothing is free as the patient said: Tue.",
  );
});
