import { Button, Group, Modal, Select, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { instant, momentIn, wall } from "../../shared/lib/zones";
import { failed } from "../../shared/ui/notify";
import { useMe } from "../session";
import { ConflictPanel } from "./conflict-panel";
import { type Move, useMoveVisit } from "./mutations";
import { type AppointmentOut, type SlotOut, useClinicians } from "./queries";
import classes from "./scheduling.module.css";
import { SlotPicker } from "./slot-picker";
import { type Conflict, conflictOf } from "./wording";

type Target = Move["to"];

interface Props {
  appointment: AppointmentOut;
  /** What was tried already (a drop on the calendar) and what stood against it. */
  tried?: { to: Target; conflict: Conflict };
  onClose: () => void;
}

/** Another time for an appointment: a free one, or exactly one; the way that needs no dragging. */
export function MoveDialog({ appointment, tried, onClose }: Props) {
  const move = useMoveVisit();
  const [failure, setFailure] = useState(tried ?? null);
  const me = useMe();
  const [place, setPlace] = useState(appointment.location_id);
  const zone = me.locations.find((found) => found.id === place)?.timezone ?? appointment.timezone;
  const to = (target: Target) => {
    setFailure(null);
    move.mutate(
      { appointment, to: target },
      {
        onSuccess: onClose,
        onError: (error) => {
          const conflict = conflictOf(error);
          if (conflict) setFailure({ to: target, conflict });
          else {
            failed(error);
            onClose();
          }
        },
      },
    );
  };
  const pick = (slot: SlotOut) =>
    to({ starts_at: slot.starts_at, clinician_id: slot.clinician_id, location_id: slot.location_id });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Move ${appointment.patient_display_name ?? "the appointment"}`}
    >
      <Text size="sm" c="dimmed">
        {appointment.appointment_type_name}, now {momentIn(appointment.timezone, appointment.starts_at)} with{" "}
        {appointment.clinician_name} at {appointment.location_name}
      </Text>
      {failure && (
        <ConflictPanel
          conflict={failure.conflict}
          busy={move.isPending}
          verb="Move"
          onPick={pick}
          onInsist={(reason) => to({ ...failure.to, override_reason: reason })}
        />
      )}
      {me.locations.length > 1 && (
        <Select
          mt="sm"
          mb="xs"
          size="xs"
          w={190}
          label="Clinic"
          allowDeselect={false}
          data={me.locations.map(({ id, name }) => ({ value: id, label: name }))}
          value={place}
          onChange={(value) => value && setPlace(value)}
        />
      )}
      <div className={classes.picker}>
        <SlotPicker
          key={place}
          wish={{
            appointment_type: appointment.appointment_type_id,
            location_id: place,
            ignore: appointment.id,
            preferred_clinician_id: appointment.clinician_id,
          }}
          zone={zone}
          near={wall(zone, Date.parse(appointment.starts_at)).day}
          clinicianId={place === appointment.location_id ? appointment.clinician_id : null}
          busy={move.isPending}
          onPick={pick}
        />
      </div>
      <details className={classes.exactly}>
        <summary>Exactly at…</summary>
        <Exactly appointment={appointment} place={place} zone={zone} busy={move.isPending} onMove={to} />
      </details>
    </Modal>
  );
}

interface ExactlyProps {
  appointment: AppointmentOut;
  place: string;
  zone: string;
  busy: boolean;
  onMove: (to: Target) => void;
}

function Exactly({ appointment, place, zone, busy, onMove }: ExactlyProps) {
  const start = wall(zone, Date.parse(appointment.starts_at));
  const pad = (value: number) => String(value).padStart(2, "0");
  const [day, setDay] = useState(start.day);
  const [time, setTime] = useState(`${pad(Math.floor(start.minutes / 60))}:${pad(start.minutes % 60)}`);
  const [clinician, setClinician] = useState<string | null>(appointment.clinician_id);
  const clinicians = useClinicians();
  const who = (clinicians.data?.items ?? []).filter((one) => one.active && one.location_ids.includes(place));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [hour, minute] = time.split(":").map(Number);
    if (!day || hour === undefined || minute === undefined) return;
    const at = instant(zone, day, hour * 60 + minute);
    onMove({
      starts_at: new Date(at).toISOString(),
      clinician_id: clinician ?? appointment.clinician_id,
      location_id: place,
    });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs" mt="xs">
        <TextInput
          type="date"
          size="xs"
          label="Day"
          required
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <TextInput
          type="time"
          size="xs"
          label="Time"
          step={300}
          required
          value={time}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={180}
          label="With"
          searchable
          allowDeselect={false}
          data={who.map((one) => ({ value: one.id, label: one.name }))}
          value={clinician}
          onChange={setClinician}
        />
        <Button type="submit" size="xs" loading={busy}>
          Move
        </Button>
      </Group>
    </form>
  );
}
