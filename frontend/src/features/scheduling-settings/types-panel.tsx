import { Badge, Checkbox, Modal, NumberInput, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { words } from "../../shared/lib/format";
import { minutesText } from "../../shared/lib/zones";
import { useMay } from "../session";
import { useAddType, useChangeType } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type AppointmentTypeIn, type AppointmentTypeOut, useRooms, useTypes } from "./queries";
import { DISCIPLINES, KINDS } from "./wording";

/** What a visit can be. */
export function TypesPanel() {
  const types = useTypes();
  const may = useMay("settings:write");
  const [editing, setEditing] = useState<AppointmentTypeOut | "new" | null>(null);
  const items = types.data?.items ?? [];
  return (
    <Panel
      title="Visit types"
      about="How long a visit takes, how much time is kept free around it, and what it needs."
      query={types}
      empty={items.length === 0 && { title: "No visit types yet", text: "Begin with the evaluation." }}
      add={may && { label: "New type", onClick: () => setEditing("new") }}
    >
      <List>
        {items.map((kind) => (
          <Row
            key={kind.id}
            name={kind.name}
            off={!kind.active}
            badge={
              !kind.active && (
                <Badge size="sm" color="gray" variant="light">
                  Not given any more
                </Badge>
              )
            }
            detail={detailOf(kind)}
            edit={may && { label: `Change ${kind.name}`, onClick: () => setEditing(kind) }}
          />
        ))}
      </List>
      {editing && <TypeDialog type={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  );
}

function detailOf(kind: AppointmentTypeOut): string {
  const around = [
    kind.padding_before ? `${kind.padding_before} min before` : "",
    kind.padding_after ? `${kind.padding_after} min after` : "",
  ].filter(Boolean);
  return [
    words(kind.kind),
    minutesText(kind.minutes),
    around.length ? `kept free: ${around.join(", ")}` : "",
    kind.discipline ?? "",
    kind.virtual ? "by video" : "",
    kind.resource_kind ? `needs: ${kind.resource_kind}` : "",
    kind.self_schedulable ? "patients book it themselves" : "booked by the desk only",
  ]
    .filter(Boolean)
    .join(" · ");
}

const START: AppointmentTypeIn = {
  name: "",
  kind: "evaluation",
  discipline: null,
  minutes: 60,
  padding_before: 0,
  padding_after: 0,
  virtual: false,
  self_schedulable: true,
  resource_kind: null,
  active: true,
};

function TypeDialog({ type, onClose }: { type: AppointmentTypeOut | null; onClose: () => void }) {
  const [form, setForm] = useState<AppointmentTypeIn>(() => {
    if (!type) return START;
    const { id: _, version: __, ...rest } = type;
    return rest;
  });
  const set = (part: Partial<AppointmentTypeIn>) => setForm({ ...form, ...part });
  const add = useAddType();
  const change = useChangeType();
  const kinds = [...new Set((useRooms().data?.items ?? []).map((room) => room.kind))];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (type)
      change.mutate(
        { path: { type_id: type.id }, body: { ...form, version: type.version } },
        { onSuccess: onClose },
      );
    else add.mutate({ body: form }, { onSuccess: onClose });
  };
  const minutes = (name: "minutes" | "padding_before" | "padding_after", label: string, most: number) => (
    <NumberInput
      label={label}
      suffix=" min"
      step={5}
      min={name === "minutes" ? 5 : 0}
      max={most}
      allowDecimal={false}
      value={form[name]}
      onChange={(value) => set({ [name]: Math.round(Number(value) / 5) * 5 })}
    />
  );
  return (
    <Modal opened onClose={onClose} title={type ? `Change ${type.name}` : "New visit type"}>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          required
          maxLength={100}
          data-autofocus
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <SimpleGrid cols={2} mt="sm" spacing="sm">
          <Select
            label="Kind"
            allowDeselect={false}
            data={KINDS}
            value={form.kind}
            onChange={(value) => value && set({ kind: value as AppointmentTypeIn["kind"] })}
          />
          <Select
            label="Discipline"
            placeholder="Any"
            clearable
            data={DISCIPLINES}
            value={form.discipline ?? null}
            onChange={(value) => set({ discipline: value as AppointmentTypeIn["discipline"] })}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 3 }} mt="sm" spacing="sm">
          {minutes("minutes", "Takes", 480)}
          {minutes("padding_before", "Free before", 120)}
          {minutes("padding_after", "Free after", 120)}
        </SimpleGrid>
        <Select
          mt="sm"
          label="Needs a room or machine"
          placeholder="Nothing"
          clearable
          data={[...new Set([...kinds, ...(form.resource_kind ? [form.resource_kind] : [])])]}
          nothingFoundMessage="Add rooms first"
          value={form.resource_kind ?? null}
          onChange={(resource_kind) => set({ resource_kind })}
        />
        <Checkbox
          mt="md"
          label="Patients may book it themselves"
          checked={form.self_schedulable}
          onChange={(event) => set({ self_schedulable: event.currentTarget.checked })}
        />
        <Checkbox
          mt="xs"
          label="By video"
          checked={form.virtual}
          onChange={(event) => set({ virtual: event.currentTarget.checked })}
        />
        {type && (
          <Switch
            mt="md"
            label="Given"
            checked={form.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        )}
        <Buttons busy={add.isPending || change.isPending} disabled={!form.name.trim()} onClose={onClose} />
      </form>
    </Modal>
  );
}
