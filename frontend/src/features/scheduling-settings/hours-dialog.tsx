import { ActionIcon, Button, Group, Modal, Popover, Select } from "@mantine/core";
import { Copy, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { byDay } from "../../shared/lib/week";
import { Failed, Loading } from "../../shared/ui/states";
import { WeekForm } from "../../shared/ui/week-form";
import { useMay, useMe } from "../session";
import { Exceptions } from "./exceptions";
import { useSaveWeek } from "./mutations";
import { type ClinicianOut, useWeek, type WeekOut } from "./queries";
import classes from "./scheduling-settings.module.css";
import { SpanLimits } from "./span-limits";
import { problemOf, type Span, spanAfter } from "./week";

/** When a clinician works: the week, and dates that differ. */
export function HoursDialog({ clinician, onClose }: { clinician: ClinicianOut; onClose: () => void }) {
  const week = useWeek(clinician.id);
  return (
    <Modal opened onClose={onClose} size="xl" title={`Hours of ${clinician.name}`}>
      {week.isPending && <Loading label="Loading the hours" />}
      {week.isError && <Failed error={week.error} retry={() => week.refetch()} />}
      {week.data && <Week key={week.data.version} week={week.data} clinician={clinician} />}
      <Exceptions clinician={clinician} />
    </Modal>
  );
}

function Week({ week, clinician }: { week: WeekOut; clinician: ClinicianOut }) {
  const me = useMe();
  const may = useMay("settings:write");
  const save = useSaveWeek();
  const [days, setDays] = useState(() => byDay<Span>(week.items));
  const places = me.locations.filter(
    (place) =>
      clinician.location_ids.includes(place.id) || week.items.some((span) => span.location_id === place.id),
  );
  const first = places[0]?.id ?? "";
  const items = days.flat();
  const changed = JSON.stringify(items) !== JSON.stringify(byDay<Span>(week.items).flat());
  const wrong = days.some((spans) => problemOf(spans));
  const copyMonday = () =>
    setDays((before) =>
      before.map((old, weekday) =>
        weekday >= 1 && weekday <= 4 ? (before[0] ?? []).map((span) => ({ ...span, weekday })) : old,
      ),
    );
  if (places.length === 0)
    return <p className={classes.about}>Say first at which clinics {clinician.name} works.</p>;
  return (
    <>
      <p className={classes.about}>
        Local times of the clinic. Patients are offered nothing outside the clinic's own hours.
      </p>
      <WeekForm
        days={days}
        may={may}
        words={{ free: "Free", opens: "from", closes: "to" }}
        step={5}
        problemOf={problemOf}
        spanAfter={(spans, weekday) => spanAfter(spans, weekday, first)}
        onChange={setDays}
      >
        {(span, name, put) => (
          <>
            {places.length > 1 && (
              <Select
                size="xs"
                w={150}
                aria-label={`${name}: clinic`}
                allowDeselect={false}
                disabled={!may}
                data={places.map((place) => ({ value: place.id, label: place.name }))}
                value={span.location_id}
                onChange={(value) => value && put({ location_id: value })}
              />
            )}
            <Limits span={span} name={name} types={clinician.appointment_type_ids} may={may} onChange={put} />
          </>
        )}
      </WeekForm>
      {may && (
        <Group mt="sm" gap="sm">
          <Button
            disabled={wrong || !changed}
            loading={save.isPending}
            onClick={() =>
              save.mutate({ path: { clinician_id: clinician.id }, body: { version: week.version, items } })
            }
          >
            Save hours
          </Button>
          {(days[0]?.length ?? 0) > 0 && (
            <Button variant="subtle" leftSection={<Copy size={14} />} onClick={copyMonday}>
              Monday's hours for Tuesday to Friday
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

interface LimitsProps {
  span: Span;
  name: string;
  types: string[];
  may: boolean;
  onChange: (part: Partial<Span>) => void;
}

/** Only some types, only for some weeks: rare, so behind a button that tells of it. */
function Limits({ span, name, types, may, onChange }: LimitsProps) {
  const limited = Boolean(span.appointment_type_ids?.length || span.valid_from || span.valid_until);
  return (
    <Popover width={280} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant={limited ? "light" : "subtle"}
          color={limited ? "desk" : "gray"}
          aria-label={`${name}: ${limited ? "limited to some visits or weeks" : "limit to some visits or weeks"}`}
        >
          <SlidersHorizontal size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Limits of these hours of ${name}`}>
        <SpanLimits span={span} types={types} may={may} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  );
}
