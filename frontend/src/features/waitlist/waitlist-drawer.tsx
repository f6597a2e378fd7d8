import { ActionIcon, Badge, Button, Drawer, Group, Text } from "@mantine/core";
import { ListOrdered, Pencil, Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ago, day } from "../../shared/lib/format";
import { useLive } from "../../shared/realtime/live";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { EntryForm } from "./entry-form";
import { useFreshWaitlist, useRemoveFromWaitlist } from "./mutations";
import { useWaitlist, type WaitlistOut } from "./queries";
import classes from "./waitlist.module.css";
import { PRIORITIES, windowsText } from "./wording";

interface Props {
  opened: boolean;
  locationId?: string;
  onClose: () => void;
  onLead: (leadId: string) => void;
  /** How a patient is found; calls back with the lead. */
  finder: (onChosen: (leadId: string | null) => void) => ReactNode;
}

/** Who would come sooner, in the order in which they would be asked. */
export function WaitlistDrawer({ opened, onClose, ...rest }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={440}
      title="Waitlist"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <List {...rest} />
    </Drawer>
  );
}

function List({ locationId, onLead, finder }: Omit<Props, "opened" | "onClose">) {
  const list = useWaitlist(locationId);
  const fresh = useFreshWaitlist();
  const may = useMay("schedule:write");
  const [adding, setAdding] = useState(false);
  useLive((event) => {
    if (event.type.startsWith("waitlist.") || event.type === "resync") fresh();
  });
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        When a visit is canceled, these people are the ones to ask: the most urgent first, then who has waited
        longest.
      </Text>
      {may && !adding && (
        <Button
          mb="md"
          size="xs"
          variant="light"
          leftSection={<Plus size={14} />}
          onClick={() => setAdding(true)}
        >
          Add somebody
        </Button>
      )}
      {adding && <Adding finder={finder} locationId={locationId} onDone={() => setAdding(false)} />}
      {list.isPending && <Loading label="Loading the waitlist" />}
      {list.isError && <Failed error={list.error} retry={() => list.refetch()} />}
      {list.isSuccess && list.data.items.length === 0 && !adding && (
        <Empty icon={<ListOrdered size={26} aria-hidden />} title="Nobody is waiting">
          Add patients who would come sooner than they are booked, or who found no time.
        </Empty>
      )}
      <ol className={classes.list}>
        {list.data?.items.map((entry) => (
          <Entry key={entry.id} entry={entry} may={may} onLead={onLead} />
        ))}
      </ol>
    </>
  );
}

function Adding({
  finder,
  locationId,
  onDone,
}: Pick<Props, "finder" | "locationId"> & { onDone: () => void }) {
  const [leadId, setLeadId] = useState<string | null>(null);
  return (
    <section className={classes.adding} aria-label="Add to the waitlist">
      {finder(setLeadId)}
      <div style={{ height: 10 }} />
      <EntryForm leadId={leadId} locationId={locationId} onDone={onDone} />
    </section>
  );
}

const TONES = ["gray", "blue", "orange", "red"];

function Entry({
  entry,
  may,
  onLead,
}: {
  entry: WaitlistOut;
  may: boolean;
  onLead: (leadId: string) => void;
}) {
  const [editing, setEditing] = useState(false);
  const remove = useRemoveFromWaitlist();
  const whom = [entry.clinician_name, entry.location_name].filter(Boolean).join(" at ");
  return (
    <li className={classes.entry}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap={6}>
        <div className={classes.what}>
          <Group gap={8}>
            {entry.lead_id ? (
              <button type="button" className={classes.name} onClick={() => onLead(entry.lead_id as string)}>
                {entry.patient_display_name}
              </button>
            ) : (
              <b>{entry.patient_display_name}</b>
            )}
            {entry.priority > 0 && (
              <Badge size="sm" variant="light" color={TONES[entry.priority]}>
                {PRIORITIES[entry.priority]}
              </Badge>
            )}
          </Group>
          <Text size="sm">
            {entry.appointment_type_name}
            {whom && `, ${whom}`}: {windowsText(entry.windows)}
          </Text>
          {entry.note && <Text size="sm">“{entry.note}”</Text>}
          <Text size="xs" c="dimmed">
            Added {ago(entry.created_at)}
            {entry.expires_on && `, until ${day(entry.expires_on)}`}
          </Text>
        </div>
        {may && (
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Change the wish of ${entry.patient_display_name}`}
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
            >
              <Pencil size={15} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take ${entry.patient_display_name} off the waitlist`}
              loading={remove.isPending}
              onClick={() => remove.mutate({ path: { entry_id: entry.id } })}
            >
              <X size={15} />
            </ActionIcon>
          </Group>
        )}
      </Group>
      {editing && (
        <div className={classes.editing}>
          <EntryForm
            key={entry.version}
            leadId={entry.lead_id}
            entry={entry}
            onDone={() => setEditing(false)}
          />
        </div>
      )}
    </li>
  );
}
