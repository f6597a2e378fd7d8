import { Button, Group, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import { instant, wall } from "../../shared/lib/zones";
import classes from "./care.module.css";
import { useAddVisit } from "./mutations";
import type { CareVisitOut, EpisodeOut } from "./queries";
import { VISIT_KINDS, VISIT_STATES } from "./wording";

const minutesOf = (clock: string) => {
  const [hours, minutes] = clock.split(":").map(Number);
  return 60 * (hours ?? 0) + (minutes ?? 0);
};

/** A visit the calendar here does not know, at the clinic's time. */
export function AddVisit({
  episode,
  zone,
  onDone,
}: {
  episode: EpisodeOut;
  zone: string;
  onDone: () => void;
}) {
  const add = useAddVisit();
  const [day, setDay] = useState(() => wall(zone, Date.now()).day);
  const [clock, setClock] = useState("09:00");
  const [state, setState] = useState<CareVisitOut["state"]>("attended");
  const [kind, setKind] = useState<CareVisitOut["kind"]>("treatment");
  const error = add.isError ? failureOf(add.error) : null;
  const wrong = error?.errors.find((found) => found.pointer === "/scheduled_at");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const scheduled_at = new Date(instant(zone, day, minutesOf(clock))).toISOString();
    add.mutate({ body: { episode_id: episode.id, scheduled_at, state, kind } }, { onSuccess: onDone });
  };
  return (
    <form className={classes.card} onSubmit={submit} aria-label="Note a visit">
      <div className={classes.fields}>
        <TextInput
          size="xs"
          type="date"
          label="Day"
          required
          autoFocus
          value={day}
          error={wrong && error?.message}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          type="time"
          label="Time"
          required
          value={clock}
          onChange={(event) => setClock(event.currentTarget.value)}
        />
        <Select
          size="xs"
          label="What became of it"
          allowDeselect={false}
          data={Object.entries(VISIT_STATES).map(([value, { label }]) => ({ value, label }))}
          value={state}
          onChange={(value) => value && setState(value as CareVisitOut["state"])}
        />
        <Select
          size="xs"
          label="Kind"
          allowDeselect={false}
          data={Object.entries(VISIT_KINDS).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={(value) => value && setKind(value as CareVisitOut["kind"])}
        />
      </div>
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="compact-sm" type="submit" loading={add.isPending}>
          Save visit
        </Button>
      </Group>
    </form>
  );
}
