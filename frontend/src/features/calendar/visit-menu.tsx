import { Menu } from "@mantine/core";
import { CalendarClock, Check, Info, ThumbsUp, UserRound, UserX, X } from "lucide-react";
import { type AppointmentOut, isOpen, useOutcomes } from "../scheduling";
import classes from "./calendar.module.css";

interface Props {
  visit: AppointmentOut;
  at: DOMRect;
  may: boolean;
  onClose: () => void;
  onOpen: (id: string) => void;
  onMove: (visit: AppointmentOut) => void;
  onLead: (leadId: string) => void;
}

/** What can be done with a visit without dragging or opening it. Mounted only while open. */
export function VisitMenu({ visit, at, may, onClose, onOpen, onMove, onLead }: Props) {
  const { checkIn, noShow, confirm } = useOutcomes();
  const change = { path: { appointment_id: visit.id }, body: { version: visit.version } };
  const open = may && isOpen(visit);
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>(`[data-visit="${visit.id}"]`)?.focus();
  };
  const begun = Date.parse(visit.starts_at) <= Date.now();
  return (
    <Menu opened onChange={(opened) => !opened && close()} position="bottom-start" width={190}>
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          className={classes.anchor}
          aria-label="Actions"
          style={{ left: at.left, top: at.top, width: at.width, height: at.height }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Info size={15} />} onClick={() => onOpen(visit.id)}>
          Details
        </Menu.Item>
        {open && (
          <Menu.Item leftSection={<Check size={15} />} onClick={() => checkIn.mutate(change)}>
            Check in
          </Menu.Item>
        )}
        {open && visit.status === "booked" && !begun && (
          <Menu.Item leftSection={<ThumbsUp size={15} />} onClick={() => confirm.mutate(change)}>
            Confirmed
          </Menu.Item>
        )}
        {open && begun && (
          <Menu.Item leftSection={<UserX size={15} />} onClick={() => noShow.mutate(change)}>
            No-show
          </Menu.Item>
        )}
        {open && (
          <>
            <Menu.Item leftSection={<CalendarClock size={15} />} onClick={() => onMove(visit)}>
              Move…
            </Menu.Item>
            <Menu.Item leftSection={<X size={15} />} onClick={() => onOpen(visit.id)}>
              Cancel…
            </Menu.Item>
          </>
        )}
        {visit.lead_id && (
          <Menu.Item leftSection={<UserRound size={15} />} onClick={() => onLead(visit.lead_id as string)}>
            Open the lead
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
