import { ActionIcon, Button, Group, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import classes from "./hours.module.css";
import { useSaveHours } from "./mutations";
import { type HoursOut, useHours } from "./queries";
import { DAYS, daysOf, problemOf, type Span, spanAfter, weeklyOf } from "./week";

interface Props {
  location: { id: string; name: string };
  may: boolean;
}

/** The weekly hours of one clinic. */
export function Week({ location, may }: Props) {
  const hours = useHours(location.id);
  return (
    <section className={classes.section} aria-labelledby="week">
      <h2 id="week" className={classes.title}>
        Working hours of {location.name}
      </h2>
      {hours.isPending && <Loading label="Loading the hours" />}
      {hours.isError && <Failed error={hours.error} retry={() => hours.refetch()} />}
      {hours.data && <WeekForm key={hours.data.version} hours={hours.data} may={may} />}
    </section>
  );
}

function WeekForm({ hours, may }: { hours: HoursOut; may: boolean }) {
  const [days, setDays] = useState(() => daysOf(hours.weekly));
  const save = useSaveHours();
  const set = (weekday: number, spans: Span[]) =>
    setDays((before) => before.map((old, index) => (index === weekday ? spans : old)));
  const weekly = weeklyOf(days);
  const wrong = weekly.length === 0 || days.some((spans) => problemOf(spans));
  return (
    <>
      <p className={classes.about}>
        {hours.version === 0 ? "The usual hours hold until you change them. " : ""}Due times and alarms run
        only while the clinic works. Times are local ({hours.timezone.replaceAll("_", " ")}).
      </p>
      {DAYS.map((name, weekday) => (
        <Day
          key={name}
          name={name}
          spans={days[weekday] ?? []}
          may={may}
          onChange={(spans) => set(weekday, spans)}
        />
      ))}
      {may && (
        <Group mt="sm">
          <Button
            disabled={wrong || JSON.stringify(weekly) === JSON.stringify(weeklyOf(daysOf(hours.weekly)))}
            loading={save.isPending}
            onClick={() =>
              save.mutate({
                path: { location_id: hours.location_id },
                body: { version: hours.version, weekly },
              })
            }
          >
            Save hours
          </Button>
          {weekly.length === 0 && <span className={classes.wrong}>A clinic works on at least one day.</span>}
        </Group>
      )}
    </>
  );
}

interface DayProps {
  name: string;
  spans: Span[];
  may: boolean;
  onChange: (spans: Span[]) => void;
}

function Day({ name, spans, may, onChange }: DayProps) {
  const wrong = problemOf(spans);
  const put = (index: number, part: Partial<Span>) =>
    onChange(spans.map((span, place) => (place === index ? { ...span, ...part } : span)));
  return (
    <div className={classes.day}>
      <span className={classes.dayName}>{name}</span>
      <div className={classes.spans}>
        {spans.length === 0 && <span className={classes.closed}>Closed</span>}
        {spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span has no other name than its place
          <Group key={index} gap={4} wrap="nowrap">
            <TextInput
              type="time"
              size="xs"
              aria-label={`${name} opens`}
              disabled={!may}
              value={span.opens}
              onChange={(event) => put(index, { opens: event.currentTarget.value })}
            />
            –
            <TextInput
              type="time"
              size="xs"
              aria-label={`${name} closes`}
              disabled={!may}
              value={span.closes}
              onChange={(event) => put(index, { closes: event.currentTarget.value })}
            />
            {may && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove these hours of ${name}`}
                onClick={() => onChange(spans.filter((_, place) => place !== index))}
              >
                <X size={14} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {may && spans.length < 6 && (
          <ActionIcon
            variant="subtle"
            aria-label={`Add hours on ${name}`}
            onClick={() => onChange([...spans, spanAfter(spans)])}
          >
            <Plus size={15} />
          </ActionIcon>
        )}
        {wrong && (
          <span className={classes.wrong} role="alert">
            {wrong}
          </span>
        )}
      </div>
    </div>
  );
}
