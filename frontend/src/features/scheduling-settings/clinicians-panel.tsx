import { Badge, Button } from "@mantine/core";
import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { useMay, useMe } from "../session";
import { ClinicianDialog } from "./clinician-dialog";
import { HoursDialog } from "./hours-dialog";
import { List, Panel, Row } from "./parts";
import { type ClinicianOut, useClinicians, useTypes } from "./queries";
import classes from "./scheduling-settings.module.css";

const MISSING = { locations: "a clinic", types: "visit types", availability: "weekly hours" };

/** Who treats, where, what, and when. */
export function CliniciansPanel() {
  const clinicians = useClinicians();
  const types = useTypes();
  const me = useMe();
  const may = useMay("settings:write");
  const [editing, setEditing] = useState<ClinicianOut | "new" | null>(null);
  const [timing, setTiming] = useState<string | null>(null);
  const items = clinicians.data?.items ?? [];
  const names = (all: { id: string; name: string }[], ids: string[]) =>
    all
      .filter((one) => ids.includes(one.id))
      .map((one) => one.name)
      .join(", ");
  const timed = items.find((one) => one.id === timing);
  return (
    <Panel
      title="Clinicians"
      about="Who can be booked: disciplines, clinics, visit types, and the hours of the week."
      query={clinicians}
      empty={
        items.length === 0 && { title: "No clinicians yet", text: "Add the first; then give them hours." }
      }
      // A new clinician gives every type at first, so the types must be known.
      add={may && types.isSuccess && { label: "New clinician", onClick: () => setEditing("new") }}
    >
      <List>
        {items.map((one) => (
          <Row
            key={one.id}
            off={!one.active}
            name={
              <>
                <span className={classes.dot} style={{ background: one.color }} aria-hidden />
                {one.name}
              </>
            }
            badge={
              one.active ? (
                one.missing.length > 0 && (
                  <Badge size="sm" color="orange" variant="light">
                    Not offered: needs {one.missing.map((what) => MISSING[what]).join(", ")}
                  </Badge>
                )
              ) : (
                <Badge size="sm" color="gray" variant="light">
                  Not working
                </Badge>
              )
            }
            detail={[
              one.disciplines.join(", "),
              names(me.locations, one.location_ids),
              names(types.data?.items ?? [], one.appointment_type_ids),
            ]
              .filter(Boolean)
              .join(" · ")}
            edit={may && { label: `Change ${one.name}`, onClick: () => setEditing(one) }}
          >
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<CalendarClock size={14} />}
              aria-label={`Hours of ${one.name}`}
              onClick={() => setTiming(one.id)}
            >
              Hours
            </Button>
          </Row>
        ))}
      </List>
      {editing && (
        <ClinicianDialog clinician={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
      {timed && <HoursDialog clinician={timed} onClose={() => setTiming(null)} />}
    </Panel>
  );
}
