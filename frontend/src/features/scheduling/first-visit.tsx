import { Badge, Button, Group, Skeleton, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { momentIn, wall } from "../../shared/lib/zones";
import { useLive } from "../../shared/realtime/live";
import { failed } from "../../shared/ui/notify";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay, useMe } from "../session";
import { LeadWaitlist } from "../waitlist";
import { AppointmentActions } from "./appointment-actions";
import { ConflictPanel } from "./conflict-panel";
import { useBookVisit } from "./mutations";
import {
  type AppointmentOut,
  type AppointmentTypeOut,
  type LeadOut,
  type SlotOut,
  type SlotWish,
  useAppointmentsOf,
  useSlots,
  useTypes,
} from "./queries";
import classes from "./scheduling.module.css";
import { SlotButton, SlotPicker } from "./slot-picker";
import { type Conflict, conflictOf, isOpen, STATUS } from "./wording";
import { ZoneNote } from "./zone-note";

interface Props {
  lead: LeadOut;
  /** How a visit is noted that another system booked. */
  elsewhere: React.ReactNode;
}

const DISCIPLINES = new Set(["PT", "OT", "SLP", "other"]);

/** The first visit: booked with one click on a time that fits, or what became of it. */
export function FirstVisit({ lead, elsewhere }: Props) {
  const found = useAppointmentsOf({ lead_id: lead.id });
  const types = useTypes();
  const may = useMay("schedule:write");
  useLive((event) => {
    if (event.type.startsWith("appointment.") || event.type === "resync") found.refetch();
  });
  if (found.isPending || types.isPending) return <Loading label="Loading appointments" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  if (types.isError) return <Failed error={types.error} retry={() => types.refetch()} />;
  const visits = found.data.items.filter((item) => item.status !== "held");
  const first = visits.filter((item) => item.kind === "evaluation");
  const shown =
    first.findLast(isOpen) ?? first.findLast((item) => item.status === "checked_in") ?? first.at(-1);
  const given = types.data.items.filter((kind) => kind.kind === "evaluation" && kind.active);
  const settled = shown && (isOpen(shown) || shown.status === "checked_in");
  // The lead's own word counts where no appointment says otherwise: another system booked it.
  const noted = !settled && (lead.evaluation_state === "booked" || lead.evaluation_state === "attended");
  const offering = may && !settled && !noted && lead.group !== "won" && given.length > 0;
  return (
    <>
      {shown && <Visit appointment={shown} />}
      {offering && <Offer lead={lead} types={given} />}
      {visits
        .filter((item) => item.id !== shown?.id && isOpen(item))
        .map((item) => (
          <OtherVisit key={item.id} appointment={item} />
        ))}
      {shown?.status !== "checked_in" && given.length > 0 && (
        <LeadWaitlist leadId={lead.id} locationId={lead.location_id} />
      )}
      {noted || given.length === 0
        ? elsewhere
        : !settled && (
            <details className={classes.elsewhere} open={lead.evaluation_state === "missed"}>
              <summary>Booked in another system?</summary>
              {elsewhere}
            </details>
          )}
    </>
  );
}

const calendarLink = (item: AppointmentOut) => ({
  day: wall(item.timezone, Date.parse(item.starts_at)).day,
  appointment: item.id,
});

function Visit({ appointment }: { appointment: AppointmentOut }) {
  const status = STATUS[appointment.status];
  return (
    <div className={classes.visit} data-status={appointment.status}>
      <Group justify="space-between" gap={8} wrap="nowrap" align="flex-start">
        <div>
          <p className={classes.visitWhen}>{momentIn(appointment.timezone, appointment.starts_at)}</p>
          <Text size="sm" c="dimmed">
            {appointment.appointment_type_name} with {appointment.clinician_name} at{" "}
            {appointment.location_name}
          </Text>
          {appointment.cancel_reason && <Text size="sm">Why: {appointment.cancel_reason}</Text>}
        </div>
        <Badge variant="light" color={status.color} style={{ flex: "none" }}>
          {status.label}
        </Badge>
      </Group>
      <ZoneNote zone={appointment.timezone} />
      <div className={classes.visitActions}>
        <AppointmentActions appointment={appointment} />
        <Link to="/calendar" search={calendarLink(appointment)} className={classes.link}>
          Show in the calendar
        </Link>
      </div>
    </div>
  );
}

function OtherVisit({ appointment }: { appointment: AppointmentOut }) {
  return (
    <Text size="sm" mb={4}>
      {appointment.appointment_type_name}:{" "}
      <Link to="/calendar" search={calendarLink(appointment)} className={classes.link}>
        {momentIn(appointment.timezone, appointment.starts_at)}
      </Link>
    </Text>
  );
}

function wishOf(lead: LeadOut, type: AppointmentTypeOut): SlotWish {
  const discipline = lead.orders.find((order) => order.discipline)?.discipline;
  const payer = lead.patient.coverages.find((found) => found.rank === "primary")?.payer_name;
  return {
    appointment_type: type.id,
    location_id: lead.location_id ?? undefined,
    discipline:
      discipline && DISCIPLINES.has(discipline) ? (discipline as SlotWish["discipline"]) : undefined,
    payer: payer ?? undefined,
  };
}

function Offer({ lead, types }: { lead: LeadOut; types: AppointmentTypeOut[] }) {
  const me = useMe();
  const wanted = lead.orders.find((order) => order.discipline)?.discipline;
  const [type] = [...types].sort(
    (one, other) => Number(other.discipline === wanted) - Number(one.discipline === wanted),
  );
  const [more, setMore] = useState(false);
  const [conflict, setConflict] = useState<{ slot: SlotOut; conflict: Conflict } | null>(null);
  const book = useBookVisit();
  const wish = wishOf(lead, type as AppointmentTypeOut);
  const slots = useSlots({ ...wish, audience: "staff", pick: 3, one_per_time: true });
  const zone = me.locations.find((place) => place.id === lead.location_id)?.timezone ?? me.practice.timezone;
  const take = (slot: SlotOut, reason?: string) => {
    setConflict(null);
    const { appointment_type_id, clinician_id, location_id, starts_at } = slot;
    const body = { appointment_type_id, clinician_id, location_id, starts_at, lead_id: lead.id };
    book.mutate(
      { ...body, override_reason: reason },
      {
        onError: (error) => {
          const found = conflictOf(error);
          if (found) setConflict({ slot, conflict: found });
          else failed(error);
        },
      },
    );
  };
  return (
    <div className={classes.offer}>
      <Text size="sm" fw={600} mb={6}>
        Book the first visit
      </Text>
      {slots.isPending && <Skeleton height={58} radius="md" />}
      {slots.isError && <Failed error={slots.error} retry={() => slots.refetch()} />}
      {slots.isSuccess && slots.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing that fits is free in the next two weeks. Look further with “More times”.
        </Text>
      )}
      <div className={classes.offers}>
        {slots.data?.items.map((slot) => (
          <SlotButton
            key={`${slot.starts_at} ${slot.clinician_id}`}
            slot={slot}
            withDay
            disabled={book.isPending}
            onPick={take}
          />
        ))}
      </div>
      {conflict && (
        <ConflictPanel
          conflict={conflict.conflict}
          busy={book.isPending}
          verb="Book"
          onPick={take}
          onInsist={(reason) => take(conflict.slot, reason)}
        />
      )}
      <Button size="compact-sm" variant="subtle" mt={6} aria-expanded={more} onClick={() => setMore(!more)}>
        {more ? "Fewer times" : "More times"}
      </Button>
      {more && (
        <div className={classes.picker}>
          <SlotPicker wish={wish} zone={zone} busy={book.isPending} onPick={take} />
        </div>
      )}
      {!more && <ZoneNote zone={zone} />}
    </div>
  );
}
