import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { VisuallyHidden } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useImperativeHandle, useRef } from "react";
import { dayText, instant, longDay, timeIn, wall } from "../../shared/lib/zones";
import type { AppointmentOut } from "../scheduling";
import classes from "./calendar.module.css";
import type { Column } from "./columns";
import { DayColumn } from "./day-column";
import { beginOf, type Frame, lanesOf, PX } from "./layout";

interface Props {
  columns: Column[];
  zone: string;
  frame: Frame;
  now: number;
  week: boolean;
  activeId: string | null;
  may: boolean;
  byClinic: boolean;
  handle: React.RefObject<{ reach: (column: number) => void } | null>;
  onKeyDown: (event: KeyboardEvent) => void;
  onOpen: (id: string) => void;
  onFocus: (id: string) => void;
  onMenu: (visit: AppointmentOut, button: HTMLElement) => void;
  onEmpty: (column: Column, at: number) => void;
  onTitle: (column: Column) => void;
}

const GUTTER = 58;
const NARROWEST = { day: 148, week: 112 };
const LANE = 74;
const HOUR = 60;

const lanesIn = (column: Column | undefined) =>
  Math.max(1, ...lanesOf(column?.visits ?? []).map((placed) => placed.lanes));

/** Columns side by side under a head that stays, beside hours that stay. Only columns in sight are drawn. */
export function Grid(props: Props) {
  const { columns, zone, frame, now, week, handle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const merged = useMergedRef(scroller, measured);
  const narrowest = week ? NARROWEST.week : NARROWEST.day;
  const size = Math.max(narrowest, Math.floor((width - GUTTER) / Math.max(columns.length, 1)));
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => Math.max(size, lanesIn(columns[index]) * LANE),
    getItemKey: (index) => columns[index]?.key ?? index,
    scrollPaddingStart: GUTTER,
    overscan: 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns get another width
  useEffect(() => across.measure(), [size, columns]);
  useImperativeHandle(handle, () => ({ reach: (column) => across.scrollToIndex(column, { align: "auto" }) }));
  useEffect(() => {
    const element = scroller.current;
    return element ? autoScrollForElements({ element }) : undefined;
  }, []);
  useStart(scroller, zone, frame, now, columns.length > 0);
  const today = wall(zone, now).day;
  const total = across.getTotalSize();
  const height = (frame.to - frame.from) * PX;
  const items = across.getVirtualItems();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the visits, which are buttons
    <div ref={merged} className={classes.scroller} onKeyDown={props.onKeyDown} role="presentation">
      <div className={classes.head} style={{ width: GUTTER + total }}>
        <div className={classes.corner} style={{ width: GUTTER }} />
        {items.map((item) => {
          const column = columns[item.index];
          return (
            column && (
              <div
                key={column.key}
                className={classes.headCell}
                data-today={column.day === today || undefined}
                data-first={columns[item.index - 1]?.day !== column.day || undefined}
                style={{ left: GUTTER + item.start, width: item.size }}
              >
                <ColumnTitle column={column} week={week} onTitle={props.onTitle} />
              </div>
            )
          );
        })}
      </div>
      <div className={classes.body} style={{ width: GUTTER + total, height }}>
        <Hours zone={zone} day={columns[0]?.day ?? today} frame={frame} />
        {items.map((item) => {
          const column = columns[item.index];
          return (
            column && (
              <section
                key={column.key}
                className={classes.cell}
                aria-label={`${column.title}, ${longDay(column.day)}, ${column.visits.length} visits`}
                data-today={column.day === today || undefined}
                data-first={columns[item.index - 1]?.day !== column.day || undefined}
                style={{ left: GUTTER + item.start, width: item.size }}
              >
                <DayColumn
                  column={column}
                  zone={zone}
                  frame={frame}
                  now={column.day === today ? now : null}
                  activeId={props.activeId}
                  may={props.may}
                  byClinic={props.byClinic}
                  onOpen={props.onOpen}
                  onFocus={props.onFocus}
                  onMenu={props.onMenu}
                  onEmpty={props.onEmpty}
                />
              </section>
            )
          );
        })}
      </div>
    </div>
  );
}

function ColumnTitle({
  column,
  week,
  onTitle,
}: {
  column: Column;
  week: boolean;
  onTitle: (column: Column) => void;
}) {
  return (
    <button type="button" className={classes.title} title={column.title} onClick={() => onTitle(column)}>
      {week && (
        <span className={classes.titleDay}>
          {dayText(column.day, { weekday: "short" })} {dayText(column.day, { day: "numeric" })}{" "}
        </span>
      )}
      <span className={classes.titleName}>
        {column.color && <span className={classes.dot} style={{ background: column.color }} aria-hidden />}
        <span>{column.title}</span>
      </span>
      <VisuallyHidden>{week ? ": show the day" : ": show the week"}</VisuallyHidden>
    </button>
  );
}

function Hours({ zone, day, frame }: { zone: string; day: string; frame: Frame }) {
  const begin = beginOf(zone, day, frame);
  const count = (frame.to - frame.from) / HOUR;
  return (
    <div className={classes.hours} style={{ width: GUTTER }} aria-hidden>
      {Array.from({ length: count }, (_, index) => begin + index * HOUR * 60_000).map((at, index) => (
        <span key={at} style={{ top: index * HOUR * PX }}>
          {timeIn(zone, at).replace(":00", "")}
        </span>
      ))}
    </div>
  );
}

/** Once, at the beginning: the morning, or what is on now. */
function useStart(
  scroller: React.RefObject<HTMLDivElement | null>,
  zone: string,
  frame: Frame,
  now: number,
  ready: boolean,
): void {
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !ready || !scroller.current) return;
    done.current = true;
    const { day } = wall(zone, now);
    const minutes = (now - instant(zone, day, frame.from)) / 60_000;
    const top = Math.min(Math.max(minutes - 2 * HOUR, 0), frame.to - frame.from) * PX;
    scroller.current.scrollTop = top;
  }, [scroller, zone, frame.from, frame.to, now, ready]);
}
