import { expect, it } from "vitest";
import { linesOf, toneOf } from "./group";
import type { TaskOut } from "./queries";

const task = (id: string, group: string, why = "") => ({ id, group, why }) as TaskOut;

it("puts tasks under their groups in the order they came, and drops empty groups", () => {
  const lines = linesOf([task("a", "now"), task("b", "now"), task("c", "later")], false);
  expect(lines.map((line) => (line.kind === "heading" ? `${line.key} ${line.count}` : line.key))).toEqual([
    "now 2",
    "a",
    "b",
    "later 1",
    "c",
  ]);
  expect(linesOf([], false)).toEqual([]);
});

it("says where a page cut a group", () => {
  const lines = linesOf([task("a", "now"), task("c", "today")], true);
  expect(lines.filter((line) => line.kind === "heading").map((line) => line.more)).toEqual([false, true]);
});

it("is loud about what is late and quiet about what comes", () => {
  expect(toneOf(task("a", "now", "First call late by 40 min"))).toBe("late");
  expect(toneOf(task("a", "now", "Waiting 25 min for an answer"))).toBe("late");
  expect(toneOf(task("a", "now", "First call within 20 min"))).toBe("soon");
  expect(toneOf(task("a", "today", "Due today at 15:00"))).toBe("calm");
});
