import { Badge, Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Line, TITLES } from "./group";
import { TaskRow } from "./task-row";
import classes from "./tasks.module.css";
import { useTaskKeys } from "./use-task-keys";

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
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.kind === "heading" ? 46 : 60),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= lines.length - 25) fetchMore?.();
  }, [last, lines.length, fetchMore]);
  const active = useTaskKeys(lines, (index) => rows.scrollToIndex(index, { align: "auto" }), setLater);

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
                <h2 className={classes.heading} data-late={line.key === "now" || undefined}>
                  {TITLES[line.key]}{" "}
                  <Badge variant="light" color={line.key === "now" ? "red" : "gray"} size="sm">
                    {line.count.toLocaleString("en-US")}
                    {line.more ? "+" : ""}
                  </Badge>
                </h2>
              ) : (
                <TaskRow
                  task={line.task}
                  active={line.task.id === active.id}
                  later={later === line.task.id}
                  onLater={(opened) => setLater(opened ? line.task.id : null)}
                  onFocus={active.set}
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
