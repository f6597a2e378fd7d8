import { Anchor, Badge, Button, Drawer, Group, Text } from "@mantine/core";
import { CalendarPlus, UserRound } from "lucide-react";
import { moment } from "../../shared/lib/format";
import { longDay, momentIn, timeIn, wall, zoneName } from "../../shared/lib/zones";
import { Failed, Loading } from "../../shared/ui/states";
import { AppointmentActions } from "./appointment-actions";
import {
  type AppointmentEventOut,
  type AppointmentOut,
  useAppointment,
  useAppointmentHistory,
} from "./queries";
import classes from "./scheduling.module.css";
import { STATUS } from "./wording";

interface Props {
  id: string | null;
  onClose: () => void;
  onLead: (leadId: string) => void;
}

/** Everything about one appointment, beside the calendar. */
export function AppointmentDrawer({ id, onClose, onLead }: Props) {
  return (
    <Drawer.Root opened={id !== null} onClose={onClose} position="right" size={440}>
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content aria-label="Appointment">
        <Drawer.Body p={0}>{id && <Loader id={id} onClose={onClose} onLead={onLead} />}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Loader({ id, onClose, onLead }: Props & { id: string }) {
  const found = useAppointment(id);
  if (found.isPending) return <Loading label="Loading the appointment" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return <View appointment={found.data} onClose={onClose} onLead={onLead} />;
}

function View({ appointment, onClose, onLead }: Omit<Props, "id"> & { appointment: AppointmentOut }) {
  const { timezone: zone, starts_at, ends_at } = appointment;
  const status = STATUS[appointment.status];
  return (
    <div>
      <div className={classes.drawerHead}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <h2 className={classes.drawerTitle}>{appointment.patient_display_name ?? "Held time"}</h2>
          <button type="button" className={classes.close} onClick={onClose} aria-label="Close">
            ×
          </button>
        </Group>
        <Group gap={8} mt={4}>
          <Badge variant="light" color={status.color}>
            {status.label}
          </Badge>
          <Text size="sm" c="dimmed">
            {appointment.appointment_type_name}
          </Text>
          {appointment.late_cancel && (
            <Badge variant="light" color="orange">
              Late
            </Badge>
          )}
          {appointment.double_booked && (
            <Badge variant="light" color="orange">
              Double-booked
            </Badge>
          )}
        </Group>
      </div>
      <div className={classes.drawerPart}>
        <p className={classes.when}>
          {longDay(wall(zone, Date.parse(starts_at)).day)}
          <br />
          {timeIn(zone, starts_at)} – {timeIn(zone, ends_at)}{" "}
          <span className={classes.zone}>{zoneName(zone, Date.parse(starts_at))}</span>
        </p>
        <AppointmentActions appointment={appointment} />
      </div>
      <dl className={classes.facts}>
        <Fact label="With">
          <span className={classes.dot} style={{ background: appointment.clinician_color }} />
          {appointment.clinician_name}
        </Fact>
        <Fact label="Where">
          {appointment.virtual ? "Video visit" : appointment.location_name}
          {appointment.resource_name && `, ${appointment.resource_name}`}
        </Fact>
        <Fact label="Note">{appointment.note}</Fact>
        <Fact label="On purpose">{appointment.override_reason}</Fact>
        <Fact label="Canceled">{appointment.cancel_reason}</Fact>
        <Fact label="Held until">{appointment.hold_until && timeIn(zone, appointment.hold_until)}</Fact>
      </dl>
      <Group gap="xs" className={classes.drawerLinks}>
        {appointment.lead_id && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<UserRound size={14} />}
            onClick={() => onLead(appointment.lead_id as string)}
          >
            Open the lead
          </Button>
        )}
        {appointment.status !== "held" && (
          <Anchor size="sm" href={`/api/v1/appointments/${appointment.id}/calendar.ics`} download>
            <Group gap={5} component="span">
              <CalendarPlus size={14} aria-hidden /> Calendar file (.ics)
            </Group>
          </Anchor>
        )}
      </Group>
      <History id={appointment.id} zone={zone} />
    </div>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const SAID: Record<AppointmentEventOut["kind"], string> = {
  booked: "Booked",
  moved: "Moved",
  confirmed: "Confirmed",
  canceled: "Canceled",
  checked_in: "Arrived",
  no_show: "No-show",
  noted: "Noted",
};

function History({ id, zone }: { id: string; zone: string }) {
  const history = useAppointmentHistory(id);
  if (history.isError) return <Failed error={history.error} retry={() => history.refetch()} />;
  return (
    <section className={classes.drawerPart} aria-label="History">
      <h3 className={classes.partHead}>History</h3>
      <ol className={classes.history}>
        {history.data?.items.map((event) => (
          <li key={event.id}>
            <b>{SAID[event.kind]}</b>
            {moveText(event, zone)} by {event.actor}
            {event.reason && <span className={classes.reason}>“{event.reason}”</span>}
            <span className={classes.at}>{moment(event.at)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** ` from Tue, Nov 24, 9:30 AM to Wed, …` */
function moveText(event: AppointmentEventOut, zone: string): string {
  const at = (name: string) => (event.detail[name] as { starts_at?: string } | undefined)?.starts_at;
  const [was, now] = [at("was"), at("now")];
  return was && now ? ` from ${momentIn(zone, was)} to ${momentIn(zone, now)}` : "";
}
