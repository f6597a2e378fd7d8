import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { words } from "../../shared/lib/format";
import { timeIn } from "../../shared/lib/zones";
import type { AppointmentOut } from "../scheduling";
import classes from "./calendar.module.css";
import type { Column } from "./columns";
import { beginOf, boxOf, type Frame, gaps, lanesOf, momentAt, PX, type Timed } from "./layout";
import { type Box, VisitBlock } from "./visit-block";

interface Props {
  column: Column;
  zone: string;
  frame: Frame;
  now: number | null;
  activeId: string | null;
  may: boolean;
  byClinic: boolean;
  onOpen: (id: string) => void;
  onFocus: (id: string) => void;
  onMenu: (visit: AppointmentOut, button: HTMLElement) => void;
  onEmpty: (column: Column, at: number) => void;
}

const MINUTE = 60_000;

/** The day of a clinician or clinic: free and closed time, what is blocked, visits. */
export const DayColumn = memo(function DayColumn(props: Props) {
  const { column, zone, frame, now, may } = props;
  const ref = useRef<HTMLDivElement>(null);
  const begin = beginOf(zone, column.day, frame);
  const end = begin + (frame.to - frame.from) * MINUTE;
  const ghost = useDrop(ref, column, begin, frame);
  const closed = useMemo(() => gaps(begin, end, column.working), [begin, end, column.working]);
  const lanes = useMemo(() => lanesOf(column.visits), [column.visits]);
  const nowBox = now === null ? null : boxOf(begin, frame, lasting(now, 1));
  const empty = (event: React.MouseEvent) => {
    if (!may || event.target !== ref.current) return;
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    props.onEmpty(column, momentAt(begin, frame, y - 7 * PX));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; “New appointment” is the way for all
    // biome-ignore lint/a11y/useKeyWithClickEvents: likewise
    <div
      ref={ref}
      className={classes.lane}
      data-column={column.key}
      data-may={may || undefined}
      style={{ height: (frame.to - frame.from) * PX }}
      onClick={empty}
    >
      {closed.map((gap) => {
        const box = boxOf(begin, frame, gap);
        return box && <div key={gap.starts_at} className={classes.closed} style={box} />;
      })}
      {column.blocked.map((block) => {
        const box = boxOf(begin, frame, block);
        return (
          box && (
            <div key={block.id} className={classes.blocked} style={box}>
              <span>{block.note ?? words(block.kind)}</span>
            </div>
          )
        );
      })}
      {lanes.map(({ item, lane, lanes: of }) => {
        const box = boxOf(begin, frame, item);
        return (
          box && (
            <VisitBlock
              key={item.id}
              visit={item}
              zone={zone}
              box={box}
              padding={paddingOf(begin, frame, item)}
              lane={lane}
              lanes={of}
              active={item.id === props.activeId}
              draggable={may}
              withClinician={props.byClinic}
              onOpen={props.onOpen}
              onFocus={props.onFocus}
              onMenu={props.onMenu}
            />
          )
        );
      })}
      {ghost && (
        <div className={classes.ghost} style={boxOf(begin, frame, ghost) ?? undefined}>
          {timeIn(zone, ghost.starts_at)}
        </div>
      )}
      {nowBox && <div className={classes.now} style={{ top: nowBox.top }} />}
    </div>
  );
});

function lasting(at: number, minutes: number): Timed {
  return { starts_at: new Date(at).toISOString(), ends_at: new Date(at + minutes * MINUTE).toISOString() };
}

/** The visit with its padding, where it has any. */
function paddingOf(begin: number, frame: Frame, visit: AppointmentOut): Box | null {
  if (visit.status === "canceled" || visit.status === "no_show") return null;
  if (visit.busy_from === visit.starts_at && visit.busy_until === visit.ends_at) return null;
  return boxOf(begin, frame, { starts_at: visit.busy_from, ends_at: visit.busy_until });
}

/** Where a dragged visit would begin; the page's monitor does the rest. */
function useDrop(
  ref: React.RefObject<HTMLDivElement | null>,
  column: Column,
  begin: number,
  frame: Frame,
): Timed | null {
  const [at, setAt] = useState<{ at: number; minutes: number } | null>(null);
  const latest = useRef(column);
  latest.current = column;
  const { from, to } = frame;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.type === "visit",
      getData: ({ input, source }) => {
        const y = input.clientY - element.getBoundingClientRect().top - (source.data.grip as number);
        return { column: latest.current, at: momentAt(begin, { from, to }, y) };
      },
      onDrag: ({ self, source }) => {
        const visit = source.data.visit as AppointmentOut;
        const minutes = (Date.parse(visit.ends_at) - Date.parse(visit.starts_at)) / MINUTE;
        setAt((before) => (before?.at === self.data.at ? before : { at: self.data.at as number, minutes }));
      },
      onDragLeave: () => setAt(null),
      onDrop: () => setAt(null),
    });
  }, [ref, begin, from, to]);
  return at && lasting(at.at, at.minutes);
}
