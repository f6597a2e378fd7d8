import { Badge, Text } from "@mantine/core";
import { longDay, timeIn, wall } from "../../shared/lib/zones";
import { type AppointmentOut, STATUS } from "../scheduling";
import classes from "./calendar.module.css";

interface Props {
  days: string[];
  visits: AppointmentOut[];
  zone: string;
  onOpen: (id: string) => void;
}

/** The visits as a list, for a screen too narrow for columns. */
export function Agenda({ days, visits, zone, onOpen }: Props) {
  return (
    <div className={classes.agenda}>
      {days.map((day) => {
        const found = visits.filter((visit) => wall(zone, Date.parse(visit.starts_at)).day === day);
        return (
          <section key={day} aria-label={longDay(day)}>
            <h2 className={classes.agendaDay}>{longDay(day)}</h2>
            {found.length === 0 && (
              <Text size="sm" c="dimmed" mb="sm">
                No visits.
              </Text>
            )}
            <ul className={classes.agendaList}>
              {found.map((visit) => (
                <li key={visit.id}>
                  <button
                    type="button"
                    className={classes.agendaItem}
                    data-status={visit.status}
                    data-visit={visit.id}
                    style={{ borderLeftColor: visit.clinician_color }}
                    onClick={() => onOpen(visit.id)}
                  >
                    <span className={classes.agendaTime}>
                      <b>{timeIn(zone, visit.starts_at)}</b>
                      <span>{timeIn(zone, visit.ends_at)}</span>
                    </span>
                    <span className={classes.agendaWhat}>
                      <b>{visit.patient_display_name ?? "Held time"}</b>
                      <span>
                        {visit.appointment_type_name} · {visit.clinician_name}
                      </span>
                    </span>
                    <Badge
                      size="sm"
                      variant="light"
                      color={STATUS[visit.status].color}
                      style={{ flex: "none" }}
                    >
                      {STATUS[visit.status].label}
                    </Badge>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
