import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Line } from "./group";
import type { TaskOut } from "./queries";

const BUSY = "input, textarea, select, [contenteditable=true], [role=menu], [role=dialog], [role=radiogroup]";

/** Put the focus on a task's title, once the list has drawn it. */
export function focusTask(id: string, tries = 10): void {
  const element = document.querySelector<HTMLElement>(`[data-task="${id}"]`);
  if (element) element.focus();
  else if (tries > 0) requestAnimationFrame(() => focusTask(id, tries - 1));
}

interface Acts {
  reveal: (index: number) => void;
  later: (id: string) => void;
  done: (task: TaskOut) => void;
}

/** J and K walk, D does, S puts off; Enter opens, because the title has the focus. */
export function useTaskKeys(lines: Line[], acts: Acts) {
  const [chosen, setChosen] = useState<{ id: string; place: number } | null>(null);
  const { tasks, places } = useMemo(() => {
    const found = lines.flatMap((line, index) => (line.kind === "task" ? [{ task: line.task, index }] : []));
    return { tasks: found, places: new Map(found.map(({ task }, place) => [task.id, place])) };
  }, [lines]);
  // A task that went away hands its place to the one that followed.
  const place = chosen && Math.min(places.get(chosen.id) ?? chosen.place, tasks.length - 1);
  const active = place === null ? undefined : tasks[place];

  const go = (to: number) => {
    const next = tasks[to];
    if (!next) return;
    setChosen({ id: next.task.id, place: to });
    acts.reveal(next.index);
    focusTask(next.task.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || (event.target as HTMLElement).closest?.(BUSY))
      return;
    const key = event.key.toLowerCase();
    if (key === "j") go(place === null ? 0 : place + 1);
    else if (key === "k") go(place === null ? 0 : place - 1);
    else if (!active || place === null) return;
    else if (key === "s") acts.later(active.task.id);
    else if (key === "d" && !active.task.fax_id) {
      acts.done(active.task);
      if (tasks[place + 1]) go(place + 1);
    } else return;
    event.preventDefault();
  };
  const latest = useRef({ press, places, tasks });
  latest.current = { press, places, tasks };
  useEffect(() => {
    const hear = (event: KeyboardEvent) => latest.current.press(event);
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  const choose = useCallback(
    (id: string) => setChosen({ id, place: latest.current.places.get(id) ?? 0 }),
    [],
  );
  /** The task goes elsewhere: the one after it is next. */
  const passOn = useCallback((id: string) => {
    const next = (latest.current.places.get(id) ?? -1) + 1;
    const task = latest.current.tasks[next]?.task;
    if (!task) return;
    setChosen({ id: task.id, place: next });
    focusTask(task.id);
  }, []);
  return { id: active?.task.id ?? null, choose, passOn };
}
