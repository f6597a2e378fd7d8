import { ActionIcon, Badge, Button, Checkbox, Group, Modal, Switch, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import classes from "./follow-up.module.css";
import { useDeleteSequence, useUpdateSequence } from "./mutations";
import type { SequenceOut } from "./queries";

interface Props {
  sequence: SequenceOut;
  may: boolean;
  first: boolean;
  last: boolean;
  onMove: (by: -1 | 1) => void;
  onEdit: () => void;
}

/** One sequence as a practice reads it: a sentence per step. */
export function SequenceCard({ sequence, may, first, last, onMove, onEdit }: Props) {
  const update = useUpdateSequence();
  const [deleting, setDeleting] = useState(false);
  const { name, trigger, conditions, steps, version } = sequence;
  const turn = (active: boolean) =>
    update.mutate({
      path: { sequence_id: sequence.id },
      body: { name, trigger, conditions, steps, version, active },
    });
  return (
    <section className={classes.card} aria-label={name} data-off={!sequence.active || undefined}>
      <div className={classes.cardHead}>
        <Group gap={8}>
          <h3>{name}</h3>
          {sequence.running > 0 && (
            <Badge variant="light" color="teal">
              {sequence.running} {sequence.running === 1 ? "lead" : "leads"} on the way
            </Badge>
          )}
        </Group>
        {may && (
          <Group gap={4}>
            <Switch
              size="sm"
              mr={8}
              label={sequence.active ? "On" : "Off"}
              aria-label={`${name} on`}
              checked={sequence.active}
              disabled={update.isPending}
              onChange={(event) => turn(event.currentTarget.checked)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={first}
              id={`sequence-${sequence.id}-up`}
              aria-label={`Move ${name} up`}
              onClick={() => onMove(-1)}
            >
              <ArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={last}
              id={`sequence-${sequence.id}-down`}
              aria-label={`Move ${name} down`}
              onClick={() => onMove(1)}
            >
              <ArrowDown size={16} />
            </ActionIcon>
            <ActionIcon variant="subtle" aria-label={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={`Delete ${name}`}
              onClick={() => setDeleting(true)}
            >
              <Trash2 size={16} />
            </ActionIcon>
          </Group>
        )}
      </div>
      <Text size="sm" c="dimmed">
        {sequence.for_whom}
      </Text>
      <ol className={classes.steps}>
        {sequence.sentences.map((sentence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no identity of their own
          <li key={index}>{sentence}</li>
        ))}
      </ol>
      <Deletion sequence={sequence} opened={deleting} onClose={() => setDeleting(false)} />
    </section>
  );
}

function Deletion({
  sequence,
  opened,
  onClose,
}: {
  sequence: SequenceOut;
  opened: boolean;
  onClose: () => void;
}) {
  const remove = useDeleteSequence();
  const [stopRunning, setStopRunning] = useState(false);
  const submit = () =>
    remove.mutate(
      { path: { sequence_id: sequence.id }, query: { stop_running: stopRunning } },
      { onSuccess: onClose },
    );
  return (
    <Modal opened={opened} onClose={onClose} title={`Delete “${sequence.name}”?`} centered>
      <Text size="sm">No lead will begin it any more.</Text>
      {sequence.running > 0 && (
        <Checkbox
          mt="sm"
          label={`Also stop it for the ${sequence.running} on the way; otherwise they finish it`}
          checked={stopRunning}
          onChange={(event) => setStopRunning(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red" loading={remove.isPending} onClick={submit}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
