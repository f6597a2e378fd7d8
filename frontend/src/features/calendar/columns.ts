import { wall } from "../../shared/lib/zones";
import type { AppointmentOut, ClinicianOut } from "../scheduling";
import type { BlockedTimeOut, OpenTimeOut } from "./queries";

export interface Clinic {
  id: string;
  name: string;
  timezone: string;
}

/** One column of the page: a clinician's or a clinic's day. */
export interface Column {
  key: string;
  day: string;
  title: string;
  color: string | null;
  clinicianId: string | null;
  locationId: string | null;
  visits: AppointmentOut[];
  working: OpenTimeOut[];
  blocked: BlockedTimeOut[];
}

interface Material {
  zone: string;
  days: string[];
  by: "clinician" | "clinic";
  clinicians: ClinicianOut[];
  clinics: Clinic[];
  location?: string;
  clinician?: string;
  visits: AppointmentOut[];
  working: OpenTimeOut[];
  blocked: BlockedTimeOut[];
}

type Head = Pick<Column, "title" | "color" | "clinicianId" | "locationId">;

function heads(from: Material): Head[] {
  if (from.by === "clinic")
    return from.clinics
      .filter((place) => !from.location || place.id === from.location)
      .map((place) => ({ title: place.name, color: null, clinicianId: null, locationId: place.id }));
  const busy = new Set(from.visits.map((visit) => visit.clinician_id));
  return from.clinicians
    .filter((one) => !from.clinician || one.id === from.clinician)
    .filter(
      (one) =>
        busy.has(one.id) || (one.active && (!from.location || one.location_ids.includes(from.location))),
    )
    .map((one) => ({ title: one.name, color: one.color, clinicianId: one.id, locationId: null }));
}

/** Whose time a blocked time is: a clinician's, or everybody's at a clinic. */
function concerns(head: Head, block: BlockedTimeOut, places: string[]): boolean {
  if (head.locationId) return block.clinician_id === null && block.location_id === head.locationId;
  if (block.clinician_id) return block.clinician_id === head.clinicianId;
  return block.location_id !== null && places.includes(block.location_id);
}

/** The page's columns, day by day. */
export function columnsOf(from: Material): Column[] {
  const shown = heads(from);
  const byDay = new Map<string, AppointmentOut[]>();
  for (const visit of from.visits) {
    const { day } = wall(from.zone, Date.parse(visit.starts_at));
    byDay.set(day, [...(byDay.get(day) ?? []), visit]);
  }
  const mine = (head: Head, item: { clinician_id: string | null; location_id: string | null }) =>
    head.clinicianId
      ? item.clinician_id === head.clinicianId
      : item.location_id === head.locationId && (!from.clinician || item.clinician_id === from.clinician);
  return from.days.flatMap((day) =>
    shown.map((head) => {
      const working = from.working.filter((span) => mine(head, span));
      const known = from.clinicians.find((one) => one.id === head.clinicianId)?.location_ids ?? [];
      return {
        ...head,
        key: `${day} ${head.clinicianId ?? head.locationId}`,
        day,
        visits: (byDay.get(day) ?? []).filter((visit) => mine(head, visit)),
        working,
        blocked: from.blocked.filter((block) => concerns(head, block, known)),
      };
    }),
  );
}

/** The days of a week that are shown: the weekend only if something is on. */
export function shownDays(zone: string, days: string[], items: { starts_at: string }[]): string[] {
  const busy = new Set(items.map((item) => wall(zone, Date.parse(item.starts_at)).day));
  return days.filter((day, index) => index < 5 || busy.has(day));
}

/** The clinic for a time in a column: where the clinician works then, else the one that was meant, else the first. */
export function clinicAt(
  column: Column,
  at: number,
  meant: string | undefined,
  known: string[],
): string | null {
  if (column.locationId) return column.locationId;
  const there = column.working.filter(
    (span) => Date.parse(span.starts_at) <= at && at < Date.parse(span.ends_at),
  );
  if (there.some((span) => span.location_id === meant)) return meant ?? null;
  return there[0]?.location_id ?? (meant && known.includes(meant) ? meant : (known[0] ?? null));
}
