import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { ActionIcon } from "@mantine/core";
import { Check, CircleDashed, Ellipsis, ThumbsUp, UserX, Video } from "lucide-react";
import { type CSSProperties, memo, useEffect, useRef, useState } from "react";
import { timeIn } from "../../shared/lib/zones";
import { type AppointmentOut, isOpen, STATUS } from "../scheduling";
import classes from "./calendar.module.css";

export interface Box {
  top: number;
  height: number;
}

interface Props {
  visit: AppointmentOut;
  zone: string;
  box: Box;
  padding: Box | null;
  lane: number;
  lanes: number;
  active: boolean;
  draggable: boolean;
  withClinician: boolean;
  onOpen: (id: string) => void;
  onFocus: (id: string) => void;
  onMenu: (visit: AppointmentOut, button: HTMLElement) => void;
}

const ICONS = { held: CircleDashed, confirmed: ThumbsUp, checked_in: Check, no_show: UserX } as const;
const TIGHT = 30;

/** One visit in its column: whose, what, when, how it stands. */
export const VisitBlock = memo(function VisitBlock(props: Props) {
  const { visit, zone, box, padding, lane, lanes } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState(false);
  const movable = props.draggable && isOpen(visit);
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({
      element,
      getInitialData: ({ input }) => ({
        type: "visit",
        visit,
        grip: input.clientY - element.getBoundingClientRect().top,
      }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [visit, movable]);
  const Icon = visit.status in ICONS ? ICONS[visit.status as keyof typeof ICONS] : null;
  const whose = visit.patient_display_name ?? "Held time";
  const time = `${timeIn(zone, visit.starts_at)}–${timeIn(zone, visit.ends_at)}`;
  const place = { left: `${(lane / lanes) * 100}%`, width: `${100 / lanes}%` };
  const inner = { ...place, width: `calc(${100 / lanes}% - 6px)` };
  const style = { top: box.top, height: box.height, ...place, "--tone": visit.clinician_color };
  return (
    <>
      {padding && (
        <div
          className={classes.padding}
          style={{ ...padding, ...inner, "--tone": visit.clinician_color } as CSSProperties}
        />
      )}
      <div ref={ref} className={classes.place} style={style as CSSProperties}>
        <div
          className={classes.visit}
          data-status={visit.status}
          data-tight={box.height < TIGHT || undefined}
          data-dragging={dragging || undefined}
          data-movable={movable || undefined}
        >
          <button
            type="button"
            className={classes.open}
            data-visit={visit.id}
            tabIndex={props.active ? 0 : -1}
            aria-label={`${whose}, ${time}, ${visit.appointment_type_name} with ${visit.clinician_name}, ${STATUS[visit.status].label}`}
            onClick={() => props.onOpen(visit.id)}
            onFocus={() => props.onFocus(visit.id)}
          />
          <span className={classes.who}>
            {Icon && <Icon size={12} aria-hidden />}
            <span>{whose}</span>
          </span>
          <span className={classes.what}>
            {timeIn(zone, visit.starts_at)} {visit.virtual && <Video size={11} aria-hidden />}{" "}
            {visit.appointment_type_name}
          </span>
          {props.withClinician && <span className={classes.what}>{visit.clinician_name}</span>}
          {visit.double_booked && <span className={classes.flag}>Double-booked</span>}
          <ActionIcon
            className={classes.more}
            variant="subtle"
            color="gray"
            size={20}
            tabIndex={-1}
            aria-label={`Actions for ${whose}`}
            aria-haspopup="menu"
            onClick={(event) => props.onMenu(visit, event.currentTarget)}
          >
            <Ellipsis size={14} />
          </ActionIcon>
        </div>
      </div>
    </>
  );
});
