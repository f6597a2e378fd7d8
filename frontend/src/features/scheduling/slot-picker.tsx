import { ActionIcon, Button, Group, SegmentedControl, Select, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { dayAfter, dayText, longDay, shortDay, timeIn, wall, weekOf } from "../../shared/lib/zones";
import { Failed, Loading } from "../../shared/ui/states";
import { type SlotOut, type SlotWish, useClinicians, useSlots } from "./queries";
import classes from "./scheduling.module.css";
import { ZoneNote } from "./zone-note";

interface Props {
  /** What is asked for besides the filters here. */
  wish: Pick<
    SlotWish,
    "appointment_type" | "location_id" | "discipline" | "payer" | "ignore" | "preferred_clinician_id"
  >;
  zone: string;
  clinicianId?: string | null;
  /** Where to begin to look; today without it. */
  near?: string;
  chosen?: SlotOut | null;
  busy?: boolean;
  onPick: (slot: SlotOut) => void;
}

const LOOK = 27;

/** Free times by day, with a filter for the clinician and the part of the day. */
export function SlotPicker({ wish, zone, clinicianId, near, chosen, busy, onPick }: Props) {
  const today = wall(zone, Date.now()).day;
  const [week, setWeek] = useState(() => weekOf(near && near > today ? near : today)[0] as string);
  const [day, setDay] = useState<string | null>(near ?? null);
  const [clinician, setClinician] = useState<string | null>(clinicianId ?? null);
  const [part, setPart] = useState("any");
  const asked: SlotWish = {
    ...wish,
    audience: "staff",
    clinician_id: clinician ?? undefined,
    part_of_day: part === "any" ? undefined : (part as SlotWish["part_of_day"]),
    one_per_time: clinician === null,
  };
  const from = [week, today].sort()[1] as string;
  const overview = useSlots({ ...asked, from, to: dayAfter(week, LOOK), limit: 1 });
  const days = weekOf(week);
  const counts = new Map(overview.data?.days.map((found) => [found.date, found.count]));
  const shown =
    day && days.includes(day) && counts.get(day) ? day : (days.find((found) => counts.get(found)) ?? null);
  const firstFree = overview.data?.days[0]?.date;
  return (
    <div>
      <Filters wish={wish} clinician={clinician} part={part} onClinician={setClinician} onPart={setPart} />
      <Group justify="space-between" mt="sm" wrap="nowrap">
        <ActionIcon
          variant="subtle"
          aria-label="The week before"
          disabled={dayAfter(week, -1) < today}
          onClick={() => setWeek(dayAfter(week, -7))}
        >
          <ChevronLeft size={17} />
        </ActionIcon>
        <Text size="sm" fw={600} aria-live="polite">
          {dayText(week, { month: "short", day: "numeric" })} –{" "}
          {dayText(dayAfter(week, 6), { month: "short", day: "numeric" })}
        </Text>
        <ActionIcon variant="subtle" aria-label="The week after" onClick={() => setWeek(dayAfter(week, 7))}>
          <ChevronRight size={17} />
        </ActionIcon>
      </Group>
      <fieldset className={classes.days}>
        <legend className={classes.hidden}>Day</legend>
        {days.map((found) => (
          <button
            key={found}
            type="button"
            className={classes.day}
            disabled={!counts.get(found)}
            aria-pressed={found === shown}
            onClick={() => setDay(found)}
          >
            <span>{dayText(found, { weekday: "short" })}</span> <b>{dayText(found, { day: "numeric" })}</b>{" "}
            <span>{counts.get(found) ? `${counts.get(found)} free` : "–"}</span>
          </button>
        ))}
      </fieldset>
      {overview.isPending && <Loading label="Looking for free times" />}
      {overview.isError && <Failed error={overview.error} retry={() => overview.refetch()} />}
      {overview.isSuccess && !shown && (
        <Group gap="xs" my="md">
          <Text size="sm" c="dimmed">
            {firstFree ? "Nothing free this week." : "Nothing free in these four weeks."}
          </Text>
          {firstFree && (
            <Button size="compact-sm" variant="light" onClick={() => setWeek(weekOf(firstFree)[0] as string)}>
              First free: {shortDay(firstFree)}
            </Button>
          )}
        </Group>
      )}
      {shown && <Times day={shown} asked={asked} chosen={chosen} busy={busy} onPick={onPick} />}
      <ZoneNote zone={zone} />
    </div>
  );
}

interface FilterProps {
  wish: Props["wish"];
  clinician: string | null;
  part: string;
  onClinician: (id: string | null) => void;
  onPart: (part: string) => void;
}

function Filters({ wish, clinician, part, onClinician, onPart }: FilterProps) {
  const clinicians = useClinicians();
  const who = (clinicians.data?.items ?? []).filter(
    (one) =>
      one.active &&
      one.appointment_type_ids.includes(wish.appointment_type) &&
      (!wish.location_id || one.location_ids.includes(wish.location_id)),
  );
  return (
    <Group gap="xs">
      <Select
        size="xs"
        w={190}
        aria-label="Clinician"
        placeholder="Any clinician"
        clearable
        searchable
        data={who.map((one) => ({ value: one.id, label: one.name }))}
        value={clinician}
        onChange={onClinician}
      />
      <SegmentedControl
        size="xs"
        aria-label="Part of the day"
        value={part}
        onChange={onPart}
        data={[
          { value: "any", label: "Any time" },
          { value: "morning", label: "Morning" },
          { value: "afternoon", label: "Afternoon" },
          { value: "evening", label: "Evening" },
        ]}
      />
    </Group>
  );
}

interface TimesProps {
  day: string;
  asked: SlotWish;
  chosen?: SlotOut | null;
  busy?: boolean;
  onPick: (slot: SlotOut) => void;
}

function Times({ day, asked, chosen, busy, onPick }: TimesProps) {
  const slots = useSlots({ ...asked, from: day, to: day, limit: 300 });
  if (slots.isPending) return <Loading label="Loading times" />;
  if (slots.isError) return <Failed error={slots.error} retry={() => slots.refetch()} />;
  const items = slots.data.items;
  return (
    <section aria-label={`Free times on ${longDay(day)}`} aria-busy={slots.isPlaceholderData}>
      <h3 className={classes.timesHead}>{longDay(day)}</h3>
      <div className={classes.times}>
        {items.map((slot) => (
          <SlotButton
            key={`${slot.starts_at} ${slot.clinician_id} ${slot.location_id}`}
            slot={slot}
            withName={asked.clinician_id === undefined}
            disabled={busy}
            pressed={chosen?.starts_at === slot.starts_at && chosen.clinician_id === slot.clinician_id}
            onPick={onPick}
          />
        ))}
      </div>
    </section>
  );
}

interface SlotButtonProps {
  slot: SlotOut;
  withDay?: boolean;
  withName?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  onPick: (slot: SlotOut) => void;
}

/** One free time to take. */
export function SlotButton({ slot, withDay, withName = true, disabled, pressed, onPick }: SlotButtonProps) {
  const time = timeIn(slot.timezone, slot.starts_at);
  const day = wall(slot.timezone, Date.parse(slot.starts_at)).day;
  return (
    <button
      type="button"
      className={classes.slot}
      disabled={disabled}
      aria-pressed={pressed}
      onClick={() => onPick(slot)}
    >
      {withDay && <span className={classes.slotDay}>{shortDay(day)} </span>}
      <b>{time}</b> <span className={withName ? classes.slotWho : classes.hidden}>{slot.clinician_name}</span>
      <span className={classes.hidden}>, {slot.location_name}</span>
    </button>
  );
}
