import { Button, Checkbox, Group, Textarea } from "@mantine/core";
import { CalendarClock, Check, ThumbsUp, Undo2, UserX, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMay } from "../session";
import { MoveDialog } from "./move-dialog";
import { useCancelVisit, useCheckIn, useConfirmVisit, useNoShow, useUndoVisit } from "./mutations";
import type { AppointmentOut } from "./queries";
import { isOpen } from "./wording";

const EARLY = 12 * 3_600_000;

/** What can be done with an appointment now. */
export function AppointmentActions({ appointment }: { appointment: AppointmentOut }) {
  const may = useMay("schedule:write");
  const [asking, setAsking] = useState<"cancel" | "move" | null>(null);
  const checkIn = useCheckIn();
  const noShow = useNoShow();
  const confirm = useConfirmVisit();
  const undo = useUndoVisit();
  if (!may) return null;
  const change = { path: { appointment_id: appointment.id }, body: { version: appointment.version } };
  const open = isOpen(appointment);
  const begun = Date.parse(appointment.starts_at) <= Date.now();
  const near = Date.parse(appointment.starts_at) - Date.now() < EARLY;
  const settled = appointment.status === "no_show" || appointment.status === "checked_in";
  if (!open && !settled) return null;
  return (
    <>
      <Group gap={8}>
        {(open ? near : appointment.status === "no_show") && (
          <Button
            size="compact-sm"
            leftSection={<Check size={14} />}
            loading={checkIn.isPending}
            onClick={() => checkIn.mutate(change)}
          >
            {open ? "Check in" : "Came after all"}
          </Button>
        )}
        {settled && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<Undo2 size={14} />}
            loading={undo.isPending}
            onClick={() => undo.mutate(change)}
          >
            {appointment.status === "no_show" ? "Undo the no-show" : "Undo the check-in"}
          </Button>
        )}
        {open && begun && (
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            leftSection={<UserX size={14} />}
            loading={noShow.isPending}
            onClick={() => noShow.mutate(change)}
          >
            No-show
          </Button>
        )}
        {appointment.status === "booked" && !begun && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<ThumbsUp size={14} />}
            loading={confirm.isPending}
            onClick={() => confirm.mutate(change)}
          >
            Confirmed
          </Button>
        )}
        {open && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<CalendarClock size={14} />}
              onClick={() => setAsking("move")}
            >
              Move…
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<X size={14} />}
              aria-expanded={asking === "cancel"}
              onClick={() => setAsking(asking === "cancel" ? null : "cancel")}
            >
              Cancel visit…
            </Button>
          </>
        )}
      </Group>
      {asking === "cancel" && <CancelForm appointment={appointment} onDone={() => setAsking(null)} />}
      {asking === "move" && <MoveDialog appointment={appointment} onClose={() => setAsking(null)} />}
    </>
  );
}

function CancelForm({ appointment, onDone }: { appointment: AppointmentOut; onDone: () => void }) {
  const cancel = useCancelVisit();
  const [reason, setReason] = useState("");
  const [byClinic, setByClinic] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { version: appointment.version, reason: reason.trim(), by_clinic: byClinic };
    cancel.mutate({ path: { appointment_id: appointment.id }, body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        mt="sm"
        size="sm"
        label="Why is it canceled?"
        placeholder="Patient is sick"
        autosize
        minRows={1}
        required
        minLength={3}
        maxLength={300}
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        mt="xs"
        size="xs"
        label="The clinic cancels, not the patient"
        checked={byClinic}
        onChange={(event) => setByClinic(event.currentTarget.checked)}
      />
      <Group gap={8} mt="xs" justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Keep it
        </Button>
        <Button
          size="compact-sm"
          type="submit"
          color="red"
          loading={cancel.isPending}
          disabled={reason.trim().length < 3}
        >
          Cancel visit
        </Button>
      </Group>
    </form>
  );
}
