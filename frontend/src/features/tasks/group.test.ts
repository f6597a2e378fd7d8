import { expect, it } from "vitest";
import { groupTasks } from "./group";
import type { TaskOut } from "./queries";

const now = new Date(2026, 10, 24, 15, 0);
const task = (id: string, due: Date) => ({ id, due_at: due.toISOString() }) as TaskOut;

it("parts the day into late, today and later, and drops empty groups", () => {
  const groups = groupTasks(
    [
      task("late", new Date(2026, 10, 24, 14, 59)),
      task("tonight", new Date(2026, 10, 24, 23, 59)),
      task("tomorrow", new Date(2026, 10, 25, 0, 0)),
    ],
    now,
  );
  expect(groups.map((group) => [group.title, group.tasks.map((found) => found.id)])).toEqual([
    ["Overdue", ["late"]],
    ["Today", ["tonight"]],
    ["Later", ["tomorrow"]],
  ]);
  expect(groupTasks([], now)).toEqual([]);
});
