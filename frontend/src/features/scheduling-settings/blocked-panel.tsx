import { ActionIcon, Modal, Select, SimpleGrid, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { instant, momentIn, timeIn, wall } from "../../shared/lib/zones";
import { useMay, useMe } from "../session";
import { useBlock, useUnblock } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type BlockedTimeIn, type BlockedTimeOut, useBlocked, useClinicians } from "./queries";
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
              detail={`${momentIn(at, block.starts_at)} – ${sameDay ? timeIn(at, block.ends_at) : momentIn(at, block.ends_at)} · ${block.note ?? kind}`}
            >
              {may && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Unblock ${whose(block)}, ${momentIn(at, block.starts_at)}`}
                  onClick={() => remove.mutate({ path: { blocked_id: block.id } })}
                >
                  <X size={16} />
                </ActionIcon>
              )}
            </Row>
          );
        })}
      </List>
      {adding && <BlockDialog onClose={() => setAdding(false)} />}
    </Panel>
  );
}

const minutesOf = (text: string) => {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return hour * 60 + minute;
};

function BlockDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const clinicians = (useClinicians().data?.items ?? []).filter((one) => one.active);
  const block = useBlock();
  const today = wall(me.practice.timezone, Date.now()).day;
  const [whose, setWhose] = useState<string | null>(null);
  const [kind, setKind] = useState<BlockedTimeIn["kind"]>("meeting");
  const [from, setFrom] = useState({ day: today, time: "12:00" });
  const [to, setTo] = useState({ day: today, time: "13:00" });
  const [note, setNote] = useState("");
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
          onChange={(value) => value && setKind(value as BlockedTimeIn["kind"])}
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
        <Buttons busy={block.isPending} disabled={wrong || !whose} onClose={onClose} />
      </form>
    </Modal>
  );
}
