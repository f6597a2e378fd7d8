import { Badge, Button, Group, Text } from "@mantine/core";
import { Check, UserX, X } from "lucide-react";
import { useState } from "react";
import { momentIn } from "../../shared/lib/zones";
import { useLive } from "../../shared/realtime/live";
import { type AppointmentOut, isOpen, useAppointmentsOf, useCancelVisit, useOutcomes } from "../scheduling";
import { useMay } from "../session";
import { AddVisit } from "./add-visit";
import classes from "./care.module.css";
import type { EpisodeOut } from "./queries";
import { VisitRow } from "./visit-row";

const FIRST = 5;
const EARLY = 12 * 3_600_000;

interface Props {
  episode: EpisodeOut;
  zone: string;
  may: boolean;
}

/** Visits to come with one-click outcomes, then what became of those that were, newest first. */
export function Visits({ episode, zone, may }: Props) {
  const schedule = useMay("schedule:read");
  const [all, setAll] = useState(false);
  const [adding, setAdding] = useState(false);
  const shown = all ? episode.items : episode.items.slice(0, FIRST);
  return (
    <>
      <Group justify="space-between" mt={12} mb={4}>
        <Text component="h4" size="sm" fw={650} m={0}>
          Visits
        </Text>
        {may && !adding && (
          <Button size="compact-xs" variant="subtle" onClick={() => setAdding(true)}>
            Note a visit
          </Button>
        )}
      </Group>
      {adding && <AddVisit episode={episode} zone={zone} onDone={() => setAdding(false)} />}
      <ul className={classes.visits} aria-label="Visits of this episode">
        {schedule && <Coming episode={episode} />}
        {shown.map((visit) => (
          <VisitRow key={visit.id} visit={visit} zone={zone} may={may} />
        ))}
      </ul>
      {episode.items.length > FIRST && (
        <Button size="compact-xs" variant="subtle" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer visits" : `All ${episode.items.length} visits`}
        </Button>
      )}
    </>
  );
}

function Coming({ episode }: { episode: EpisodeOut }) {
  const { lead_id, patient_id } = episode;
  const found = useAppointmentsOf(lead_id ? { lead_id } : { patient_id });
  useLive((event) => {
    if (event.type.startsWith("appointment.") || event.type === "resync") found.refetch();
  });
  const ours = found.data?.items.filter((item) => item.lead_id === lead_id) ?? [];
  const open = ours.filter((item) => isOpen(item) && item.kind !== "free_screen");
  const later = open.sort((one, other) => Date.parse(other.starts_at) - Date.parse(one.starts_at));
  return later.map((item) => <Appointment key={item.id} item={item} />);
}

/** One that is booked: what became of it is one click. */
function Appointment({ item }: { item: AppointmentOut }) {
  const may = useMay("schedule:write");
  const { checkIn, noShow } = useOutcomes();
  const cancel = useCancelVisit();
  const change = { path: { appointment_id: item.id }, body: { version: item.version } };
  const left = Date.parse(item.starts_at) - Date.now();
  const when = momentIn(item.timezone, item.starts_at);
  const busy = checkIn.isPending || noShow.isPending || cancel.isPending;
  return (
    <li className={classes.visit} data-coming>
      <span className={classes.when}>
        {when}
        <span className={classes.quiet}>
          {item.appointment_type_name} with {item.clinician_name}
        </span>
      </span>
      {may ? (
        <Group gap={4} wrap="nowrap">
          {left < EARLY && (
            <Button
              size="compact-xs"
              leftSection={<Check size={13} />}
              disabled={busy}
              aria-label={`Attended, ${when}`}
              onClick={() => checkIn.mutate(change)}
            >
              Attended
            </Button>
          )}
          {left < 0 && (
            <Button
              size="compact-xs"
              variant="light"
              color="red"
              leftSection={<UserX size={13} />}
              disabled={busy}
              aria-label={`No-show, ${when}`}
              onClick={() => noShow.mutate(change)}
            >
              No-show
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<X size={13} />}
            disabled={busy}
            aria-label={`Cancel, ${when}`}
            onClick={() => cancel.mutate(change)}
          >
            Cancel
          </Button>
        </Group>
      ) : (
        <Badge variant="light">Booked</Badge>
      )}
    </li>
  );
}
