import { ActionIcon, Button, Checkbox, Group, Popover, SegmentedControl, Select } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { useDisclosure } from "@mantine/hooks";
import { CalendarDays, ChevronLeft, ChevronRight, ListOrdered, Plus } from "lucide-react";
import { dayAfter, dayText, weekOf } from "../../shared/lib/zones";
import type { ClinicianOut } from "../scheduling";
import classes from "./calendar.module.css";
import type { Clinic } from "./columns";
import type { CalendarSearch } from "./search";

interface Props {
  search: CalendarSearch;
  day: string;
  today: string;
  clinics: Clinic[];
  clinicians: ClinicianOut[];
  onChange: (part: Partial<CalendarSearch>) => void;
}

/** Which part of the calendar is shown; kept in the address. */
export function Toolbar(props: Props) {
  const { search, clinics, onChange } = props;
  const clinicians = props.clinicians.filter(
    (one) => one.active && (!search.location || one.location_ids.includes(search.location)),
  );
  return (
    <Group className={classes.toolbar} gap="xs">
      <DayWalk {...props} />
      <SegmentedControl
        size="xs"
        aria-label="How much"
        value={search.view ?? "day"}
        onChange={(view) => onChange({ view: view === "week" ? "week" : undefined })}
        data={[
          { value: "day", label: "Day" },
          { value: "week", label: "Week" },
        ]}
      />
      {clinics.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label="Columns"
          visibleFrom="sm"
          value={search.by ?? "clinician"}
          onChange={(by) => onChange({ by: by === "clinic" ? "clinic" : undefined })}
          data={[
            { value: "clinician", label: "Clinicians" },
            { value: "clinic", label: "Clinics" },
          ]}
        />
      )}
      {clinics.length > 1 && (
        <Select
          size="xs"
          w={140}
          aria-label="Clinic"
          placeholder="All clinics"
          clearable
          data={clinics.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.location ?? null}
          onChange={(location) => onChange({ location: location ?? undefined })}
        />
      )}
      <Select
        size="xs"
        w={165}
        aria-label="Clinician"
        placeholder="All clinicians"
        clearable
        searchable
        data={clinicians.map(({ id, name }) => ({ value: id, label: name }))}
        value={search.clinician ?? null}
        onChange={(clinician) => onChange({ clinician: clinician ?? undefined })}
      />
      <Checkbox
        size="xs"
        label="Canceled"
        checked={search.canceled ?? false}
        onChange={(event) => onChange({ canceled: event.currentTarget.checked || undefined })}
      />
    </Group>
  );
}

/** What can be done on the page. */
export function PageActions({
  may,
  onChange,
  onNew,
}: Pick<Props, "onChange"> & { may: boolean; onNew: () => void }) {
  return (
    <>
      <Button
        variant="default"
        leftSection={<ListOrdered size={16} />}
        onClick={() => onChange({ waitlist: true })}
      >
        Waitlist
      </Button>
      {may && (
        <Button leftSection={<Plus size={16} />} onClick={onNew}>
          New appointment
        </Button>
      )}
    </>
  );
}

function DayWalk({ search, day, today, onChange }: Props) {
  const [opened, { toggle, close }] = useDisclosure();
  const week = search.view === "week";
  const step = week ? 7 : 1;
  const [first, last] = [weekOf(day)[0] as string, weekOf(day)[6] as string];
  const label = week
    ? `${dayText(first, { month: "short", day: "numeric" })} – ${dayText(last, { month: "short", day: "numeric" })}`
    : dayText(day, { weekday: "short", month: "short", day: "numeric" });
  const go = (to: string) => onChange({ day: to === today ? undefined : to });
  return (
    <Group gap={4} wrap="nowrap">
      <Button size="xs" variant="default" onClick={() => go(today)}>
        Today
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={week ? "The week before" : "The day before"}
        onClick={() => go(dayAfter(day, -step))}
      >
        <ChevronLeft size={18} />
      </ActionIcon>
      <Popover opened={opened} onChange={(open) => !open && close()} position="bottom" trapFocus returnFocus>
        <Popover.Target>
          <Button
            size="xs"
            variant="subtle"
            color="dark"
            miw={week ? 150 : 120}
            leftSection={<CalendarDays size={14} />}
            aria-label={`${label}: choose a day`}
            onClick={toggle}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Choose a day">
          <DatePicker
            value={day}
            defaultDate={day}
            firstDayOfWeek={1}
            onChange={(value) => {
              if (value) go(value.slice(0, 10));
              close();
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={week ? "The week after" : "The day after"}
        onClick={() => go(dayAfter(day, step))}
      >
        <ChevronRight size={18} />
      </ActionIcon>
    </Group>
  );
}
