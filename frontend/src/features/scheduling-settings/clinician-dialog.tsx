import { Checkbox, ColorInput, Modal, MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useMe, usersOptions } from "../session";
import { useAddClinician, useChangeClinician } from "./mutations";
import { Buttons } from "./parts";
import { type ClinicianIn, type ClinicianOut, useTypes } from "./queries";
import { DISCIPLINES } from "./wording";

const COLORS = [
  "#1971c2",
  "#2f9e44",
  "#e8590c",
  "#9c36b5",
  "#0c8599",
  "#c2255c",
  "#5f3dc4",
  "#a16207",
  "#0f766e",
  "#475569",
];

interface Props {
  clinician: ClinicianOut | null;
  onClose: () => void;
}

/** What a clinician gives, and where. */
export function ClinicianDialog({ clinician, onClose }: Props) {
  const me = useMe();
  const types = useTypes().data?.items ?? [];
  const users = useQuery(usersOptions()).data?.items ?? [];
  const add = useAddClinician();
  const change = useChangeClinician();
  const [form, setForm] = useState<ClinicianIn>(() => {
    if (!clinician)
      return {
        name: "",
        disciplines: ["PT"],
        color: COLORS[0],
        location_ids: me.locations.map((place) => place.id),
        appointment_type_ids: types.filter((kind) => kind.active).map((kind) => kind.id),
        user_id: null,
        active: true,
      };
    const { id: _, version: __, missing: ___, ...rest } = clinician;
    return rest;
  });
  const set = (part: Partial<ClinicianIn>) => setForm({ ...form, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clinician)
      change.mutate(
        { path: { clinician_id: clinician.id }, body: { ...form, version: clinician.version } },
        { onSuccess: onClose },
      );
    else add.mutate({ body: form }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={clinician ? `Change ${clinician.name}` : "New clinician"}>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          description="As patients read it"
          required
          maxLength={100}
          data-autofocus
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <MultiSelect
          mt="sm"
          label="Disciplines"
          required
          data={DISCIPLINES}
          value={form.disciplines}
          onChange={(value) => set({ disciplines: value as ClinicianIn["disciplines"] })}
        />
        <Checkbox.Group
          mt="sm"
          label="Works at"
          value={form.location_ids}
          onChange={(location_ids) => set({ location_ids })}
        >
          {me.locations.map((place) => (
            <Checkbox key={place.id} mt={6} value={place.id} label={place.name} />
          ))}
        </Checkbox.Group>
        <Checkbox.Group
          mt="sm"
          label="Gives"
          value={form.appointment_type_ids}
          onChange={(appointment_type_ids) => set({ appointment_type_ids })}
        >
          {types
            .filter((kind) => kind.active || form.appointment_type_ids.includes(kind.id))
            .map((kind) => (
              <Checkbox key={kind.id} mt={6} value={kind.id} label={kind.name} />
            ))}
        </Checkbox.Group>
        <ColorInput
          mt="sm"
          label="Color in the calendar"
          format="hex"
          disallowInput
          withPicker={false}
          withEyeDropper={false}
          swatches={COLORS}
          swatchesPerRow={10}
          value={form.color}
          onChange={(color) => set({ color: color.toLowerCase() })}
        />
        <Select
          mt="sm"
          label="Signs in as"
          placeholder="Nobody"
          clearable
          searchable
          data={users.filter((user) => user.active).map((user) => ({ value: user.id, label: user.name }))}
          value={form.user_id ?? null}
          onChange={(user_id) => set({ user_id })}
        />
        {clinician && (
          <Switch
            mt="md"
            label="Working"
            checked={form.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        )}
        <Buttons
          busy={add.isPending || change.isPending}
          disabled={!form.name.trim() || form.disciplines.length === 0}
          onClose={onClose}
        />
      </form>
    </Modal>
  );
}
