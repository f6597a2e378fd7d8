import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { byDay } from "../../shared/lib/week";
import { Failed, Loading } from "../../shared/ui/states";
import { WeekForm } from "../../shared/ui/week-form";
import classes from "./hours.module.css";
import { useSaveHours } from "./mutations";
import { type HoursOut, useHours } from "./queries";
import { problemOf, spanAfter } from "./week";

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
      {hours.data && <Editor key={hours.data.version} hours={hours.data} may={may} />}
    </section>
  );
}

function Editor({ hours, may }: { hours: HoursOut; may: boolean }) {
  const [days, setDays] = useState(() => byDay(hours.weekly));
  const save = useSaveHours();
  const weekly = days.flat();
  const wrong = weekly.length === 0 || days.some((spans) => problemOf(spans));
  return (
    <>
      <p className={classes.about}>
        {hours.version === 0 ? "The usual hours hold until you change them. " : ""}Due times and alarms run
        only while the clinic works. Times are local ({hours.timezone.replaceAll("_", " ")}).
      </p>
      <WeekForm
        days={days}
        may={may}
        words={{ free: "Closed", opens: "opens", closes: "closes" }}
        most={6}
        problemOf={problemOf}
        spanAfter={spanAfter}
        onChange={setDays}
      />
      {may && (
        <Group mt="sm">
          <Button
            disabled={wrong || JSON.stringify(weekly) === JSON.stringify(byDay(hours.weekly).flat())}
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
