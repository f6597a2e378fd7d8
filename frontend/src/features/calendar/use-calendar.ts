import { useMemo } from "react";
import { wall, weekOf } from "../../shared/lib/zones";
import { useClinicians } from "../scheduling";
import { useMe } from "../session";
import { columnsOf, shownDays } from "./columns";
import { frameOf } from "./layout";
import { useBlocked, useOpenTimes, useVisits } from "./queries";
import type { CalendarSearch } from "./search";

/** What the address asks for, read and laid out. */
export function useCalendar(search: CalendarSearch, now: number) {
  const me = useMe();
  const place = me.locations.find((found) => found.id === search.location);
  const zone = place?.timezone ?? me.practice.timezone;
  const today = wall(zone, now).day;
  const day = search.day ?? today;
  const days = search.view === "week" ? weekOf(day) : [day];
  const span = { from: days[0] as string, to: days.at(-1) as string, location_id: search.location };
  const clinicians = useClinicians();
  const found = useVisits(span);
  const open = useOpenTimes(span);
  const blocked = useBlocked(span);
  const laid = useMemo(() => {
    const visits = (found.data ?? []).filter(
      (visit) =>
        (search.canceled || visit.status !== "canceled") &&
        (!search.clinician || visit.clinician_id === search.clinician),
    );
    const working = open.data?.items ?? [];
    const shown = search.view === "week" ? shownDays(zone, weekOf(day), [...visits, ...working]) : [day];
    const columns = columnsOf({
      zone,
      days: shown,
      by: search.by ?? "clinician",
      clinicians: clinicians.data?.items ?? [],
      clinics: me.locations,
      location: search.location,
      clinician: search.clinician,
      visits,
      working,
      blocked: blocked.data?.items ?? [],
    });
    return { visits, columns, days: shown, frame: frameOf(zone, shown, [...visits, ...working]) };
  }, [found.data, open.data, blocked.data, clinicians.data, me.locations, search, zone, day]);
  return { me, zone, today, day, clinicians, read: [clinicians, found, open, blocked], ...laid };
}
