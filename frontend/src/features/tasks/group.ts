import type { TaskOut } from "./queries";

export const TITLES = { now: "Now", today: "Today", later: "Later" } as const;
type GroupKey = keyof typeof TITLES;
const ORDER: GroupKey[] = ["now", "today", "later"];

/** A line of the list: the heading of a group, or a task. */
export type Line =
  | { kind: "heading"; key: GroupKey; count: number; more: boolean }
  | { kind: "task"; key: string; task: TaskOut };

/** Tasks, in the order they came, under their groups; `more` says that a group may go on on the next page. */
export function linesOf(tasks: TaskOut[], more: boolean): Line[] {
  const lines: Line[] = [];
  for (const key of ORDER) {
    const found = tasks.filter((task) => task.group === key);
    if (found.length === 0) continue;
    lines.push({ kind: "heading", key, count: found.length, more: more && tasks.at(-1)?.group === key });
    for (const task of found) lines.push({ kind: "task", key: task.id, task });
  }
  return lines;
}

/** How loud a reason is. The words say the same. */
export function toneOf(task: TaskOut): "late" | "soon" | "calm" {
  if (task.group !== "now") return "calm";
  return /\b(late|overdue|waiting|since)\b/i.test(task.why) ? "late" : "soon";
}
