import { Badge, Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Line, TITLES } from "./group";
import { useFinish, useSnooze } from "./mutations";
import type { TaskOut } from "./queries";
import { TaskRow } from "./task-row";
import classes from "./tasks.module.css";
import { focusTask, useTaskKeys } from "./use-task-keys";

interface Props {
  lines: Line[];
  fetchMore?: () => unknown;
  fetching: boolean;
}

/** Ten thousand tasks cost as much as those on the screen. */
export function TaskList({ lines, fetchMore, fetching }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [later, setLater] = useState<string | null>(null);
  const finish = useFinish();
  const snooze = useSnooze();
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === "heading" ? 46 : 64),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= lines.length - 50) fetchMore?.();
  }, [last, lines.length, fetchMore]);

  const done = useCallback(
    (task: TaskOut) => finish.mutate({ path: { task_id: task.id }, body: { version: task.version } }),
    [finish.mutate],
  );
  const onLater = useCallback((id: string, opened: boolean) => {
    setLater(opened ? id : null);
    if (!opened) focusTask(id);
  }, []);
  const reveal = (index: number) => rows.scrollToIndex(index, { align: "auto" });
  const active = useTaskKeys(lines, { reveal, later: setLater, done });
  const { passOn } = active;
  const putOff = useCallback(
    (task: TaskOut, until: string) => {
      setLater(null);
      passOn(task.id);
      snooze.mutate({ path: { task_id: task.id }, body: { version: task.version, until } });
    },
    [snooze.mutate, passOn],
  );
  const finishing = finish.isPending ? finish.variables.path.task_id : null;

  return (
    <div ref={box}>
      <ul className={classes.list} style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className={classes.line}
              style={{ transform: `translateY(${item.start - top}px)` }}
            >
              {line.kind === "heading" ? (
                <Heading line={line} />
              ) : (
                <TaskRow
                  task={line.task}
                  active={line.task.id === active.id}
                  later={later === line.task.id}
                  finishing={finishing === line.task.id}
                  onLater={onLater}
                  onDone={done}
                  onSnooze={putOff}
                  onFocus={active.choose}
                />
              )}
            </li>
          );
        })}
      </ul>
      {fetching && <Skeleton height={56} radius="md" aria-label="Loading more tasks" />}
    </div>
  );
}

function Heading({ line }: { line: Extract<Line, { kind: "heading" }> }) {
  return (
    <h2 className={classes.heading} data-late={line.key === "now" || undefined}>
      {TITLES[line.key]}{" "}
      <Badge variant="light" color={line.key === "now" ? "red" : "gray"} size="sm">
        {line.count.toLocaleString("en-US")}
        {line.more ? "+" : ""}
      </Badge>
    </h2>
  );
}
