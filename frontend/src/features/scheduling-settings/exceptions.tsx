import { ActionIcon, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { day } from "../../shared/lib/format";
import { wall } from "../../shared/lib/zones";
import { Failed } from "../../shared/ui/states";
import { useMay, useMe } from "../session";
import { useAddException, useRemoveException } from "./mutations";
import { List, Row } from "./parts";
import { type ClinicianOut, type ExceptionOut, useExceptions } from "./queries";
import classes from "./scheduling-settings.module.css";

/** Days on which a clinician is off, or works more. */
export function Exceptions({ clinician }: { clinician: ClinicianOut }) {
  const me = useMe();
  const today = wall(me.practice.timezone, Date.now()).day;
  const found = useExceptions(clinician.id, today);
  const may = useMay("settings:write");
  const remove = useRemoveException();
  const clinic = (id: string | null) => me.locations.find((place) => place.id === id)?.name ?? "every clinic";
  const text = (one: ExceptionOut) => {
    const times = one.opens && one.closes ? `${one.opens.slice(0, 5)}–${one.closes.slice(0, 5)}` : "all day";
    return `${one.kind === "off" ? "Off" : "Works"} ${times}, ${clinic(one.location_id)}${one.note ? ` · ${one.note}` : ""}`;
  };
  return (
    <section aria-label="Dates that differ" className={classes.exceptions}>
      <h3 className={classes.title}>Dates that differ</h3>
      <p className={classes.about}>
        Vacation, a late evening, a Saturday. What is booked then stays: see the calendar.
      </p>
      {found.isError && <Failed error={found.error} retry={() => found.refetch()} />}
      {found.data?.items.length === 0 && (
        <Text size="sm" c="dimmed" mb="xs">
          None from today on.
        </Text>
      )}
      <List>
        {found.data?.items.map((one) => (
          <Row key={one.id} name={day(one.date)} detail={text(one)}>
            {may && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove ${day(one.date)}`}
                onClick={() => remove.mutate({ path: { clinician_id: clinician.id, exception_id: one.id } })}
              >
                <X size={15} />
              </ActionIcon>
            )}
          </Row>
        ))}
      </List>
      {may && <Add clinician={clinician} today={today} />}
    </section>
  );
}

function Add({ clinician, today }: { clinician: ClinicianOut; today: string }) {
  const me = useMe();
  const add = useAddException();
  const places = me.locations.filter((place) => clinician.location_ids.includes(place.id));
  const [form, setForm] = useState({ date: "", kind: "off", opens: "", closes: "", clinic: "", note: "" });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const extra = form.kind === "extra";
  const clinic = form.clinic || (extra ? (places[0]?.id ?? "") : "");
  const half = Boolean(form.opens) !== Boolean(form.closes);
  const wrong =
    half || (form.opens !== "" && form.opens >= form.closes) || (extra && (!form.opens || !clinic));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      date: form.date,
      kind: form.kind as "off" | "extra",
      location_id: clinic || null,
      opens: form.opens || null,
      closes: form.closes || null,
      note: form.note.trim() || null,
    };
    add.mutate(
      { path: { clinician_id: clinician.id }, body },
      { onSuccess: () => set({ date: "", note: "" }) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          type="date"
          size="xs"
          label="Day"
          required
          min={today}
          value={form.date}
          onChange={(event) => set({ date: event.currentTarget.value })}
        />
        <Select
          size="xs"
          w={110}
          label="What"
          allowDeselect={false}
          data={[
            { value: "off", label: "Off" },
            { value: "extra", label: "Works" },
          ]}
          value={form.kind}
          onChange={(kind) => kind && set({ kind })}
        />
        <TextInput
          type="time"
          size="xs"
          step={300}
          label="From"
          required={extra}
          value={form.opens}
          onChange={(event) => set({ opens: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          size="xs"
          step={300}
          label="To"
          required={extra}
          value={form.closes}
          onChange={(event) => set({ closes: event.currentTarget.value })}
        />
        {places.length > 1 && (
          <Select
            size="xs"
            w={150}
            label="Clinic"
            placeholder="Every clinic"
            clearable={!extra}
            allowDeselect={!extra}
            data={places.map((place) => ({ value: place.id, label: place.name }))}
            value={clinic || null}
            onChange={(value) => set({ clinic: value ?? "" })}
          />
        )}
        <TextInput
          size="xs"
          w={140}
          label="Note"
          maxLength={200}
          value={form.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
        <Button type="submit" size="xs" loading={add.isPending} disabled={wrong || !form.date}>
          Add
        </Button>
      </Group>
      {form.kind === "off" && (
        <Text size="xs" c="dimmed" mt={4}>
          Without times: all day.
        </Text>
      )}
    </form>
  );
}
