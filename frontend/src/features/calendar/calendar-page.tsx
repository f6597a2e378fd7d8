import { Anchor } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarPlus } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { useNow } from "../../shared/lib/use-now";
import { differsHere, zoneName } from "../../shared/lib/zones";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { LeadDrawer } from "../leads";
import {
  AppointmentDrawer,
  type AppointmentOut,
  BookDialog,
  LeadPick,
  MoveDialog,
  type Person,
  type Place,
} from "../scheduling";
import { useMay } from "../session";
import { WaitlistDrawer } from "../waitlist";
import { Agenda } from "./agenda";
import classes from "./calendar.module.css";
import { type Column, clinicAt } from "./columns";
import { Grid } from "./grid";
import type { CalendarSearch } from "./search";
import { PageActions, Toolbar } from "./toolbar";
import { useCalendar } from "./use-calendar";
import { firstVisit, useCalendarKeys } from "./use-calendar-keys";
import { type Refused, useDrops } from "./use-drops";
import { useLiveCalendar } from "./use-live-calendar";
import { VisitMenu } from "./visit-menu";

export function CalendarPage() {
  const search = useSearch({ from: "/desk/calendar" });
  const navigate = useNavigate({ from: "/calendar" });
  const now = useNow();
  const calendar = useCalendar(search, now);
  const may = useMay("schedule:write");
  const narrow = useMediaQuery("(max-width: 48em)");
  const grid = useRef<{ reach: (column: number) => void }>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [booking, setBooking] = useState<Place | "anywhere" | null>(null);
  const [moving, setMoving] = useState<Refused | { visit: AppointmentOut } | null>(null);
  const [menu, setMenu] = useState<{ visit: AppointmentOut; at: DOMRect } | null>(null);
  useLiveCalendar();
  const { zone, columns, clinicians, read } = calendar;
  const change = useCallback(
    (part: Partial<CalendarSearch>) =>
      navigate({ search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  );
  const open = useCallback((appointment: string) => change({ appointment }), [change]);
  const openMenu = useCallback(
    (visit: AppointmentOut, button: HTMLElement) => setMenu({ visit, at: button.getBoundingClientRect() }),
    [],
  );
  const known = clinicians.data?.items;
  const empty = useCallback(
    (column: Column, at: number) => {
      const homes = known?.find((one) => one.id === column.clinicianId)?.location_ids ?? [];
      const location_id = clinicAt(column, at, search.location, homes);
      if (!column.clinicianId || !location_id) setBooking("anywhere");
      else
        setBooking({ starts_at: new Date(at).toISOString(), clinician_id: column.clinicianId, location_id });
    },
    [known, search.location],
  );
  useDrops(known ?? [], setMoving);
  const onKeyDown = useCalendarKeys({
    columns,
    reach: (column) => grid.current?.reach(column),
    onFocus: setActiveId,
    onMove: (visit) => may && setMoving({ visit }),
  });
  const shownIds = new Set(calendar.visits.map((visit) => visit.id));
  const active = activeId && shownIds.has(activeId) ? activeId : firstVisit(columns);
  const onTitle = (column: Column) =>
    search.view === "week"
      ? change({ view: undefined, day: column.day })
      : change({
          view: "week",
          clinician: column.clinicianId ?? search.clinician,
          location: column.locationId ?? search.location,
        });
  const waiting = read.some((one) => one.isPending);
  const failure = read.find((one) => one.isError)?.error;
  const none = clinicians.data?.items.length === 0;
  const zones = new Set(calendar.me.locations.map((place) => place.timezone));
  const sayZone = differsHere(zone) || (zones.size > 1 && !search.location);

  return (
    <div className={classes.page}>
      <PageHead title="Calendar">
        <PageActions may={may} onChange={change} onNew={() => setBooking("anywhere")} />
      </PageHead>
      <Toolbar
        search={search}
        day={calendar.day}
        today={calendar.today}
        clinics={calendar.me.locations}
        clinicians={known ?? []}
        onChange={change}
      />
      {sayZone && <p className={classes.zone}>Times are the clinic's: {zoneName(zone)}</p>}
      {waiting && !failure && <Loading label="Loading the calendar" />}
      {failure && <Failed error={failure} retry={() => read.map((one) => one.refetch())} />}
      {none && <NoClinicians />}
      {!waiting && !failure && !none && columns.length === 0 && (
        <Empty title="Nobody works here">No clinician fits these filters.</Empty>
      )}
      {!waiting &&
        !failure &&
        !none &&
        columns.length > 0 &&
        (narrow ? (
          <Agenda days={calendar.days} visits={calendar.visits} zone={zone} onOpen={open} />
        ) : (
          <Grid
            key={`${search.view} ${search.by}`}
            handle={grid}
            columns={columns}
            zone={zone}
            frame={calendar.frame}
            now={now}
            week={search.view === "week"}
            activeId={active}
            may={may}
            byClinic={search.by === "clinic"}
            onKeyDown={onKeyDown}
            onOpen={open}
            onFocus={setActiveId}
            onMenu={openMenu}
            onEmpty={empty}
            onTitle={onTitle}
          />
        ))}
      {menu && (
        <VisitMenu
          {...menu}
          may={may}
          onClose={() => setMenu(null)}
          onOpen={open}
          onMove={(visit) => setMoving({ visit })}
          onLead={(lead) => change({ lead })}
        />
      )}
      {booking && (
        <BookDialog
          place={booking === "anywhere" ? null : booking}
          locationId={search.location}
          onClose={() => setBooking(null)}
        />
      )}
      {moving && (
        <MoveDialog
          appointment={moving.visit}
          tried={"conflict" in moving ? moving : undefined}
          onClose={() => setMoving(null)}
        />
      )}
      <WaitlistDrawer
        opened={Boolean(search.waitlist) && !search.lead}
        locationId={search.location}
        onClose={() => change({ waitlist: undefined })}
        onLead={(lead) => change({ lead })}
        finder={(onChosen) => <Finder onChosen={onChosen} />}
      />
      <AppointmentDrawer
        id={search.lead ? null : (search.appointment ?? null)}
        onClose={() => change({ appointment: undefined })}
        onLead={(lead) => change({ lead, appointment: undefined })}
      />
      <LeadDrawer leadId={search.lead ?? null} onClose={() => change({ lead: undefined })} />
    </div>
  );
}

function Finder({ onChosen }: { onChosen: (leadId: string | null) => void }) {
  const [person, setPerson] = useState<Person | null>(null);
  const choose = (found: Person | null) => {
    setPerson(found);
    onChosen(found?.leadId ?? null);
  };
  return <LeadPick chosen={person} onChange={choose} />;
}

function NoClinicians() {
  const may = useMay("settings:write");
  return (
    <Empty icon={<CalendarPlus size={28} aria-hidden />} title="No clinicians yet">
      {may ? (
        <>
          Say who treats, where and when, and this page shows their days.{" "}
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/settings" search={{ tab: "scheduling" }} {...props} />}
          >
            Set up scheduling
          </Anchor>
        </>
      ) : (
        "A manager sets them up under Settings → Scheduling."
      )}
    </Empty>
  );
}
