import { ActionIcon, Menu, Modal, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { instant, momentIn, timeIn, wall } from "../../shared/lib/zones";
import { useMay, useMe } from "../session";
import { useBlock, useUnblock } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type BlockedTimeOut, type NewBlockedTimeIn, useBlocked, useClinicians } from "./queries";
import { BLOCKS } from "./wording";

/** Time that is never offered. */
export function BlockedPanel() {
  const me = useMe();
  const zone = me.practice.timezone;
  const blocked = useBlocked(wall(zone, Date.now()).day);
  const clinicians = useClinicians().data?.items ?? [];
  const may = useMay("schedule:write");
  const remove = useUnblock();
  const [adding, setAdding] = useState(false);
  const items = blocked.data?.items ?? [];
  const zoneOf = (block: BlockedTimeOut) =>
    me.locations.find((place) => place.id === block.location_id)?.timezone ?? zone;
  const whose = (block: BlockedTimeOut) =>
    clinicians.find((one) => one.id === block.clinician_id)?.name ??
    `Everybody at ${me.locations.find((place) => place.id === block.location_id)?.name ?? "the clinic"}`;
  return (
    <Panel
      title="Blocked time"
      about="Meetings, training, time off: nothing is offered then. What is booked stays. From today on."
      query={blocked}
      empty={
        items.length === 0 && { title: "Nothing is blocked", text: "Lunch belongs into the weekly hours." }
      }
      add={may && { label: "Block time", onClick: () => setAdding(true) }}
    >
      <List>
        {items.map((block) => {
          const kind = BLOCKS.find((one) => one.value === block.kind)?.label;
          const at = zoneOf(block);
          const sameDay =
            wall(at, Date.parse(block.starts_at)).day === wall(at, Date.parse(block.ends_at)).day;
          return (
            <Row
              key={block.id}
              name={whose(block)}
              detail={`${momentIn(at, block.starts_at)} – ${sameDay ? timeIn(at, block.ends_at) : momentIn(at, block.ends_at)} · ${block.note ?? kind}${block.series_id ? " · every week" : ""}`}
            >
              {may && (
                <Unblock
                  label={`Unblock ${whose(block)}, ${momentIn(at, block.starts_at)}`}
                  repeats={block.series_id !== null}
                  onRemove={(following) =>
                    remove.mutate({ path: { blocked_id: block.id }, query: { following } })
                  }
                />
              )}
            </Row>
          );
        })}
      </List>
      {adding && <BlockDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}

interface UnblockProps {
  label: string;
  repeats: boolean;
  onRemove: (following: boolean) => void;
}

function Unblock({ label, repeats, onRemove }: UnblockProps) {
  if (!repeats)
    return (
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => onRemove(false)}>
        <X size={16} />
      </ActionIcon>
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <X size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onRemove(false)}>Only this one</Menu.Item>
        <Menu.Item onClick={() => onRemove(true)}>This and all later ones</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const minutesOf = (text: string) => {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return hour * 60 + minute;
};

function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, date)).toISOString().slice(0, 10);
}

function BlockDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const clinicians = (useClinicians().data?.items ?? []).filter((one) => one.active);
  const block = useBlock();
  const today = wall(me.practice.timezone, Date.now()).day;
  const [whose, setWhose] = useState<string | null>(null);
  const [kind, setKind] = useState<NewBlockedTimeIn["kind"]>("meeting");
  const [from, setFrom] = useState({ day: today, time: "12:00" });
  const [to, setTo] = useState({ day: today, time: "13:00" });
  const [note, setNote] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const place = me.locations.find((found) => found.id === whose);
  const zone = place?.timezone ?? me.practice.timezone;
  const at = (when: { day: string; time: string }) => instant(zone, when.day, minutesOf(when.time));
  const wrong = !from.day || !to.day || at(to) <= at(from);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      clinician_id: place ? null : whose,
      location_id: place ? place.id : null,
      kind,
      starts_at: new Date(at(from)).toISOString(),
      ends_at: new Date(at(to)).toISOString(),
      note: note.trim() || null,
      repeat_weekly_until: until || null,
    };
    block.mutate({ body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Block time">
      <form onSubmit={submit}>
        <Select
          label="Whose time"
          required
          searchable
          data={[
            {
              group: "Clinicians",
              items: clinicians.map(({ id, name }) => ({ value: id, label: name })),
            },
            {
              group: "Everybody at",
              items: me.locations.map(({ id, name }) => ({ value: id, label: name })),
            },
          ]}
          value={whose}
          onChange={setWhose}
        />
        <Select
          mt="sm"
          label="What for"
          allowDeselect={false}
          data={BLOCKS}
          value={kind}
          onChange={(value) => value && setKind(value as NewBlockedTimeIn["kind"])}
        />
        <SimpleGrid cols={2} mt="sm" spacing="sm">
          <TextInput
            type="date"
            label="From (day)"
            required
            value={from.day}
            onChange={(event) => {
              const day = event.currentTarget.value;
              setFrom({ ...from, day });
              if (to.day < day) setTo({ ...to, day });
            }}
          />
          <TextInput
            type="time"
            label="From (time)"
            step={300}
            required
            value={from.time}
            onChange={(event) => setFrom({ ...from, time: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="To (day)"
            required
            value={to.day}
            onChange={(event) => setTo({ ...to, day: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="To (time)"
            step={300}
            required
            error={wrong ? "It must end after it begins" : undefined}
            value={to.time}
            onChange={(event) => setTo({ ...to, time: event.currentTarget.value })}
          />
        </SimpleGrid>
        <TextInput
          mt="sm"
          label="Note"
          maxLength={200}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Switch
          mt="md"
          label="Repeat every week"
          checked={until !== null}
          onChange={(event) => setUntil(event.currentTarget.checked ? monthsAfter(from.day, 3) : null)}
        />
        {until !== null && (
          <TextInput
            mt="sm"
            type="date"
            label="Until (day)"
            description="A year at most. Each week can be unblocked on its own."
            required
            min={from.day}
            max={monthsAfter(from.day, 12)}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        )}
        <Buttons busy={block.isPending} disabled={wrong || !whose || until === ""} onClose={onClose} />
      </form>
    </Modal>
  );
}
