import { useEffect, useRef, useState } from "react";
import type { Line } from "./group";
import { useFinish } from "./mutations";

const BUSY = "input, textarea, select, [contenteditable=true], [role=menu], [role=dialog], [role=radiogroup]";

function focusTask(id: string, tries = 10): void {
  const element = document.querySelector<HTMLElement>(`[data-task="${id}"]`);
  if (element) element.focus();
  else if (tries > 0) requestAnimationFrame(() => focusTask(id, tries - 1));
}

/** J and K walk, D does, S puts off; Enter opens, because the title has the focus. */
export function useTaskKeys(lines: Line[], reveal: (index: number) => void, openLater: (id: string) => void) {
  const [chosen, setChosen] = useState<{ id: string; place: number } | null>(null);
  const finish = useFinish();
  const tasks = lines.flatMap((line, index) => (line.kind === "task" ? [{ ...line, index }] : []));
  // A task that went away hands its place to the one that followed.
  const active =
    tasks.find((line) => line.key === chosen?.id) ?? tasks[Math.min(chosen?.place ?? 0, tasks.length - 1)];

  const go = (step: number) => {
    const next = chosen ? tasks[(active?.place ?? 0) + step] : tasks[0];
    if (!next) return;
    setChosen({ id: next.key, place: next.place });
    reveal(next.index);
    focusTask(next.key);
  };
  const press = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || (event.target as HTMLElement).closest?.(BUSY))
      return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
    else if (!active || !chosen) return;
    else if (key === "s") openLater(active.key);
    else if (key === "d" && !active.task.fax_id && !finish.isPending) {
      finish.mutate({ path: { task_id: active.key }, body: { version: active.task.version } });
      focusTask(tasks[active.place + 1]?.key ?? active.key);
    } else return;
    event.preventDefault();
  };
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => latest.current(event);
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  return {
    id: chosen ? (active?.key ?? null) : null,
    set: (id: string) => setChosen({ id, place: tasks.find((line) => line.key === id)?.place ?? 0 }),
  };
}
