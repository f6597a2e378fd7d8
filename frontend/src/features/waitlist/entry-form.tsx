import { ActionIcon, Button, Group, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMe } from "../session";
import { useAddToWaitlist, useChangeWaitlist } from "./mutations";
import { useClinicians, useTypes, type WaitlistOut } from "./queries";
import { DAYS, PRIORITIES, type Window } from "./wording";

interface Props {
  /** Who is put on the list, or whose wish is changed. */
  leadId: string | null;
  entry?: WaitlistOut;
  locationId?: string | null;
  onDone: () => void;
}

/** What somebody on the waitlist wishes. */
export function EntryForm({ leadId, entry, locationId, onDone }: Props) {
  const me = useMe();
  const types = (useTypes().data?.items ?? []).filter((kind) => kind.active);
  const clinicians = (useClinicians().data?.items ?? []).filter((one) => one.active);
  const add = useAddToWaitlist();
  const change = useChangeWaitlist();
  const [type, setType] = useState<string | null>(entry?.appointment_type_id ?? null);
  const [clinic, setClinic] = useState<string | null>(entry ? entry.location_id : (locationId ?? null));
  const [clinician, setClinician] = useState<string | null>(entry?.clinician_id ?? null);
  const [priority, setPriority] = useState(String(entry?.priority ?? 0));
  const [windows, setWindows] = useState<Window[]>(entry?.windows ?? []);
  const [until, setUntil] = useState(entry?.expires_on ?? "");
  const [note, setNote] = useState(entry?.note ?? "");
  const chosen = type ?? types[0]?.id ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wish = {
      appointment_type_id: chosen,
      location_id: clinic,
      clinician_id: clinician,
      priority: Number(priority),
      windows,
      earliest: entry?.earliest ?? null,
      expires_on: until || null,
      note: note.trim() || null,
    };
    if (entry)
      change.mutate(
        { path: { entry_id: entry.id }, body: { ...wish, version: entry.version } },
        { onSuccess: onDone },
      );
    else if (leadId) add.mutate({ body: { ...wish, lead_id: leadId } }, { onSuccess: onDone });
  };
  const wrong = windows.some((window) => window.end <= window.start);
  return (
    <form onSubmit={submit}>
      <SimpleGrid cols={2} spacing="xs">
        <Select
          size="xs"
          label="Visit"
          allowDeselect={false}
          data={types.map((kind) => ({ value: kind.id, label: kind.name }))}
          value={chosen}
          onChange={setType}
        />
        <Select
          size="xs"
          label="How soon"
          allowDeselect={false}
          data={PRIORITIES.map((label, value) => ({ value: String(value), label }))}
          value={priority}
          onChange={(value) => setPriority(value ?? "0")}
        />
        {me.locations.length > 1 && (
          <Select
            size="xs"
            label="Clinic"
            placeholder="Any clinic"
            clearable
            data={me.locations.map(({ id, name }) => ({ value: id, label: name }))}
            value={clinic}
            onChange={setClinic}
          />
        )}
        <Select
          size="xs"
          label="Clinician"
          placeholder="Any clinician"
          clearable
          searchable
          data={clinicians.map(({ id, name }) => ({ value: id, label: name }))}
          value={clinician}
          onChange={setClinician}
        />
        <TextInput
          size="xs"
          type="date"
          label="Until (day)"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="Note"
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </SimpleGrid>
      <Windows windows={windows} onChange={setWindows} />
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          size="xs"
          type="submit"
          loading={add.isPending || change.isPending}
          disabled={wrong || !chosen || (!entry && !leadId)}
        >
          {entry ? "Save" : "Add to the waitlist"}
        </Button>
      </Group>
    </form>
  );
}

function Windows({ windows, onChange }: { windows: Window[]; onChange: (windows: Window[]) => void }) {
  const put = (index: number, part: Partial<Window>) =>
    onChange(windows.map((window, place) => (place === index ? { ...window, ...part } : window)));
  return (
    <fieldset style={{ border: 0, padding: 0, margin: "10px 0 0", minWidth: 0 }}>
      <Text component="legend" size="xs" fw={600} mb={4}>
        When it suits
      </Text>
      {windows.length === 0 && (
        <Text size="xs" c="dimmed" mb={4}>
          Any time.
        </Text>
      )}
      {windows.map((window, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a window has no other name than its place
        <Group key={index} gap={4} wrap="nowrap" mb={4}>
          <Select
            size="xs"
            aria-label="Day"
            allowDeselect={false}
            data={
              DAYS.some((known) => known.value === window.day)
                ? DAYS
                : [...DAYS, { value: window.day, label: window.day }]
            }
            value={window.day}
            onChange={(day) => day && put(index, { day })}
          />
          <TextInput
            size="xs"
            type="time"
            aria-label="From"
            required
            value={window.start}
            onChange={(event) => put(index, { start: event.currentTarget.value })}
          />
          –
          <TextInput
            size="xs"
            type="time"
            aria-label="To"
            required
            error={window.end <= window.start}
            value={window.end}
            onChange={(event) => put(index, { end: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Remove this time"
            onClick={() => onChange(windows.filter((_, place) => place !== index))}
          >
            <X size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Plus size={13} />}
        onClick={() => onChange([...windows, { day: "any", start: "08:00", end: "12:00" }])}
      >
        Add a time
      </Button>
    </fieldset>
  );
}
