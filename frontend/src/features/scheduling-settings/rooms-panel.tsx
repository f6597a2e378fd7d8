import { Badge, Modal, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useMay, useMe } from "../session";
import { useAddRoom, useChangeRoom } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type ResourceIn, type ResourceOut, useRooms } from "./queries";

/** Rooms, tables and machines that visits need. */
export function RoomsPanel() {
  const rooms = useRooms();
  const me = useMe();
  const may = useMay("settings:write");
  const [editing, setEditing] = useState<ResourceOut | "new" | null>(null);
  const items = rooms.data?.items ?? [];
  const clinic = (id: string) => me.locations.find((place) => place.id === id)?.name ?? "";
  return (
    <Panel
      title="Rooms and equipment"
      about="A visit type can need one of a kind: a private room, a table, a treadmill. Then no more are booked than there are."
      query={rooms}
      empty={
        items.length === 0 && {
          title: "No rooms yet",
          text: "Only needed where rooms or machines are scarce.",
        }
      }
      add={may && { label: "New room", onClick: () => setEditing("new") }}
    >
      <List>
        {items.map((room) => (
          <Row
            key={room.id}
            name={room.name}
            off={!room.active}
            badge={
              !room.active && (
                <Badge size="sm" color="gray" variant="light">
                  Out of use
                </Badge>
              )
            }
            detail={`${room.kind} · ${room.units === 1 ? "one" : `${room.units} at once`} · ${clinic(room.location_id)}`}
            edit={may && { label: `Change ${room.name}`, onClick: () => setEditing(room) }}
          />
        ))}
      </List>
      {editing && (
        <RoomDialog
          room={editing === "new" ? null : editing}
          rooms={items}
          onClose={() => setEditing(null)}
        />
      )}
    </Panel>
  );
}

interface DialogProps {
  room: ResourceOut | null;
  rooms: ResourceOut[];
  onClose: () => void;
}

function RoomDialog({ room, rooms, onClose }: DialogProps) {
  const me = useMe();
  const [form, setForm] = useState<ResourceIn>(
    room ?? {
      name: "",
      kind: rooms[0]?.kind ?? "Private room",
      units: 1,
      location_id: me.locations[0]?.id ?? "",
      active: true,
    },
  );
  const set = (part: Partial<ResourceIn>) => setForm({ ...form, ...part });
  const add = useAddRoom();
  const change = useChangeRoom();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, kind, units, location_id, active } = form;
    const body = { name, kind, units, location_id, active };
    if (room)
      change.mutate(
        { path: { resource_id: room.id }, body: { ...body, version: room.version } },
        { onSuccess: onClose },
      );
    else add.mutate({ body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={room ? `Change ${room.name}` : "New room"}>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          required
          maxLength={100}
          data-autofocus
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          mt="sm"
          label="Kind"
          description="What visit types ask for; the same word for all that can stand in for each other."
          required
          maxLength={100}
          list="room-kinds"
          value={form.kind}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
        <datalist id="room-kinds">
          {[...new Set(rooms.map((one) => one.kind))].map((kind) => (
            <option key={kind} value={kind} />
          ))}
        </datalist>
        <NumberInput
          mt="sm"
          label="How many can be used at once"
          min={1}
          max={50}
          clampBehavior="strict"
          allowDecimal={false}
          value={form.units}
          onChange={(value) => set({ units: Number(value) || 1 })}
        />
        <Select
          mt="sm"
          label="Clinic"
          allowDeselect={false}
          data={me.locations.map(({ id, name }) => ({ value: id, label: name }))}
          value={form.location_id}
          onChange={(value) => value && set({ location_id: value })}
        />
        {room && (
          <Switch
            mt="md"
            label="In use"
            checked={form.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        )}
        <Buttons
          busy={add.isPending || change.isPending}
          disabled={!form.name.trim() || !form.kind.trim()}
          onClose={onClose}
        />
      </form>
    </Modal>
  );
}
