import { Button, Group, Modal, Select, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { longDay, timeIn, wall } from "../../shared/lib/zones";
import { failed } from "../../shared/ui/notify";
import { Loading } from "../../shared/ui/states";
import { useMe } from "../session";
import { ConflictPanel } from "./conflict-panel";
import { LeadPick, type Person } from "./lead-pick";
import { useBookVisit } from "./mutations";
import { type AppointmentTypeOut, type SlotOut, useClinicians, useTypes } from "./queries";
import classes from "./scheduling.module.css";
import { SlotPicker } from "./slot-picker";
import { type Conflict, conflictOf } from "./wording";
import { ZoneNote } from "./zone-note";

/** Where somebody pointed at. */
export interface Place {
  starts_at: string;
  clinician_id: string;
  location_id: string;
}

interface Props {
  place?: Place | null;
  person?: Person | null;
  locationId?: string;
  onClose: () => void;
}

/** A new appointment: for whom, what, when. */
export function BookDialog(props: Props) {
  const types = useTypes();
  return (
    <Modal opened onClose={props.onClose} size="lg" title="New appointment">
      {types.data ? (
        <Form {...props} types={types.data.items.filter((kind) => kind.active)} />
      ) : (
        <Loading label="Loading" />
      )}
    </Modal>
  );
}

function Form({ place, person, locationId, onClose, types }: Props & { types: AppointmentTypeOut[] }) {
  const me = useMe();
  const clinicians = useClinicians().data?.items ?? [];
  const book = useBookVisit();
  const [who, setWho] = useState<Person | null>(person ?? null);
  const [when, setWhen] = useState<Place | null>(place ?? null);
  const [clinic, setClinic] = useState(place?.location_id ?? locationId ?? me.locations[0]?.id ?? "");
  const given = clinicians.find((one) => one.id === when?.clinician_id)?.appointment_type_ids;
  const fitting = types.filter((kind) => !given || given.includes(kind.id));
  const [chosenType, setType] = useState<string | null>(null);
  const type = chosenType ?? fitting[0]?.id ?? types[0]?.id ?? "";
  const [note, setNote] = useState("");
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const zone =
    me.locations.find((one) => one.id === (when?.location_id ?? clinic))?.timezone ?? me.practice.timezone;

  const send = (at: Place, reason?: string) => {
    if (!who) return;
    setWhen(at);
    setConflict(null);
    const body = {
      appointment_type_id: type,
      starts_at: at.starts_at,
      clinician_id: at.clinician_id,
      location_id: at.location_id,
      lead_id: who.leadId,
      note: note.trim() || undefined,
      override_reason: reason,
    };
    book.mutate(body, {
      onSuccess: onClose,
      onError: (error) => {
        const found = conflictOf(error);
        if (found) setConflict(found);
        else failed(error);
      },
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (when) send(when);
  };
  return (
    <>
      <form onSubmit={submit} id="new-appointment">
        <LeadPick chosen={who} onChange={setWho} />
        <Group mt="sm" gap="sm" grow>
          <Select
            label="Type"
            allowDeselect={false}
            data={types.map((kind) => ({ value: kind.id, label: `${kind.name} · ${kind.minutes} min` }))}
            value={type}
            onChange={setType}
          />
          {me.locations.length > 1 && (
            <Select
              label="Clinic"
              allowDeselect={false}
              data={me.locations.map(({ id, name }) => ({ value: id, label: name }))}
              value={when?.location_id ?? clinic}
              onChange={(value) => {
                if (value) setClinic(value);
                setWhen(null);
              }}
            />
          )}
        </Group>
        <Textarea
          mt="sm"
          label="Note"
          autosize
          minRows={1}
          maxLength={1000}
          placeholder="Wheelchair, interpreter, …"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </form>
      {when ? (
        <Chosen when={when} zone={zone} onChange={() => setWhen(null)} />
      ) : (
        type && (
          <div className={classes.picker}>
            <SlotPicker
              key={`${type} ${clinic}`}
              wish={{ appointment_type: type, location_id: clinic || undefined }}
              zone={zone}
              onPick={(slot) => setWhen(slot)}
            />
          </div>
        )
      )}
      {conflict && (
        <ConflictPanel
          conflict={conflict}
          busy={book.isPending}
          verb="Book"
          onPick={(slot: SlotOut) => send(slot)}
          onInsist={(reason) => when && send(when, reason)}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          type="submit"
          form="new-appointment"
          loading={book.isPending}
          disabled={!who || !when || !type}
        >
          Book
        </Button>
      </Group>
    </>
  );
}

function Chosen({ when, zone, onChange }: { when: Place; zone: string; onChange: () => void }) {
  const name = useClinicians().data?.items.find((one) => one.id === when.clinician_id)?.name;
  return (
    <>
      <div className={classes.chosen}>
        <Text size="sm">
          <b>
            {longDay(wall(zone, Date.parse(when.starts_at)).day)}, {timeIn(zone, when.starts_at)}
          </b>
          {name && ` with ${name}`}
        </Text>
        <Button size="compact-sm" variant="subtle" onClick={onChange}>
          Another time
        </Button>
      </div>
      <ZoneNote zone={zone} />
    </>
  );
}
