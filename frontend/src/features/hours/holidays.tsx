import { ActionIcon, Button, Group, Switch, Text, TextInput } from "@mantine/core";
import { CalendarPlus, ChevronLeft, ChevronRight, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { day } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useMe } from "../session";
import classes from "./hours.module.css";
import { useAddHoliday, useAddPreset, useRemoveHoliday } from "./mutations";
import { type HolidayOut, useHolidays } from "./queries";

interface Props {
  place: { id: string; name: string } | null;
  may: boolean;
}

/** Days that differ, of one clinic with those of all, or only those of all. */
export function Holidays({ place, may }: Props) {
  const [year, setYear] = useState(() => new Date().getFullYear());
  const query = useHolidays(year);
  const preset = useAddPreset();
  const shown = (query.data?.items ?? []).filter(
    (found) => found.location_id === null || found.location_id === place?.id,
  );
  return (
    <section className={classes.section} aria-labelledby="holidays">
      <Group justify="space-between">
        <h2 id="holidays" className={classes.title}>
          Holidays {place ? `of ${place.name}` : "of every clinic"}
        </h2>
        <Group gap={4}>
          <ActionIcon variant="subtle" aria-label="The year before" onClick={() => setYear(year - 1)}>
            <ChevronLeft size={16} />
          </ActionIcon>
          <Text size="sm" fw={600} aria-live="polite">
            {year}
          </Text>
          <ActionIcon variant="subtle" aria-label="The year after" onClick={() => setYear(year + 1)}>
            <ChevronRight size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <p className={classes.about}>Nothing is due and no alarm rings on a day that is closed.</p>
      {query.isPending && <Loading label="Loading the holidays" />}
      {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
      {query.isSuccess && shown.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          No holidays in {year} yet.
          {place && " Those of all clinics are set under “Every clinic” above."}
        </Text>
      )}
      <ul className={classes.list}>
        {shown.map((found) => (
          <Item key={found.id} holiday={found} may={may && (found.location_id !== null || place === null)} />
        ))}
      </ul>
      {may && (
        <>
          <AddDay place={place} year={year} />
          {!place && (
            <Button
              mt="sm"
              variant="default"
              leftSection={<CalendarPlus size={15} />}
              loading={preset.isPending}
              onClick={() => preset.mutate({ body: { preset: "us_federal", years: [year] } })}
            >
              Add US federal holidays of {year}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function Item({ holiday, may }: { holiday: HolidayOut; may: boolean }) {
  const remove = useRemoveHoliday();
  const { locations } = useMe();
  const where = locations.find((location) => location.id === holiday.location_id)?.name ?? "every clinic";
  const open = holiday.hours.map((span) => `${span.opens.slice(0, 5)}–${span.closes.slice(0, 5)}`).join(", ");
  return (
    <li className={classes.item}>
      <span className={classes.date}>{day(holiday.date)}</span>
      <span className={classes.grow}>
        {holiday.name}{" "}
        <Text span size="sm" c="dimmed">
          · {open || "closed"} · {where}
        </Text>
      </span>
      {may && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${holiday.name}, ${day(holiday.date)}`}
          loading={remove.isPending}
          onClick={() => remove.mutate({ path: { holiday_id: holiday.id } })}
        >
          <X size={14} />
        </ActionIcon>
      )}
    </li>
  );
}

function AddDay({ place, year }: { place: Props["place"]; year: number }) {
  const add = useAddHoliday();
  const [date, setDate] = useState("");
  const [name, setName] = useState("");
  const [short, setShort] = useState(false);
  const [opens, setOpens] = useState("08:00");
  const [closes, setCloses] = useState("12:00");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const hours = short ? [{ opens, closes }] : [];
    add.mutate(
      { body: { date, name, hours, location_id: place?.id ?? null } },
      { onSuccess: () => setName("") },
    );
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label="Day"
          size="xs"
          required
          min={`${year}-01-01`}
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          size="xs"
          required
          maxLength={100}
          placeholder="Day after Thanksgiving"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Switch
          label="Short day"
          mb={6}
          checked={short}
          onChange={(event) => setShort(event.currentTarget.checked)}
        />
        {short && (
          <>
            <TextInput
              type="time"
              label="Opens"
              size="xs"
              value={opens}
              onChange={(event) => setOpens(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              label="Closes"
              size="xs"
              value={closes}
              onChange={(event) => setCloses(event.currentTarget.value)}
            />
          </>
        )}
        <Button
          size="xs"
          type="submit"
          loading={add.isPending}
          disabled={!date || !name.trim() || (short && opens >= closes)}
        >
          Add
        </Button>
      </Group>
    </form>
  );
}
