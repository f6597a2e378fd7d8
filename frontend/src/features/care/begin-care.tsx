import { Button, Group, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import { instant, wall } from "../../shared/lib/zones";
import { useMay, useMe } from "../session";
import classes from "./care.module.css";
import { useAddVisit } from "./mutations";
import type { LeadOut } from "./queries";

const TEN = 10 * 60;

/** Care usually begins with the check-in. Where another system has the calendar, somebody says when it was. */
export function BeginCare({ lead }: { lead: LeadOut }) {
  const me = useMe();
  const may = useMay("care:write");
  const begin = useAddVisit();
  const zone = me.locations.find((place) => place.id === lead.location_id)?.timezone ?? me.practice.timezone;
  const noted = lead.evaluation_at && Date.parse(lead.evaluation_at) < Date.now() ? lead.evaluation_at : null;
  const [day, setDay] = useState(() => wall(zone, noted ? Date.parse(noted) : Date.now()).day);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const known = noted && wall(zone, Date.parse(noted)).day === day;
    const scheduled_at = known ? noted : new Date(instant(zone, day, TEN)).toISOString();
    begin.mutate({ body: { lead_id: lead.id, scheduled_at, state: "attended", kind: "evaluation" } });
  };
  return (
    <form onSubmit={submit} aria-label="Begin care" className={classes.begin}>
      <Text size="sm" c="dimmed">
        Care begins when the evaluation is noted as attended.
      </Text>
      {may && (
        <Group gap={8} align="flex-end" mt={6}>
          <TextInput
            size="xs"
            type="date"
            label="They were evaluated on"
            required
            value={day}
            error={begin.isError ? failureOf(begin.error).message : undefined}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="light" loading={begin.isPending}>
            Begin care
          </Button>
        </Group>
      )}
    </form>
  );
}
