import { Button, Group, Modal, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import { useDischarge } from "./mutations";
import type { DischargeIn, EpisodeOut } from "./queries";
import { REASONS } from "./wording";

/** Why care ends, and when it did. */
export function DischargeDialog({ episode, onClose }: { episode: EpisodeOut; onClose: () => void }) {
  const discharge = useDischarge();
  const [reason, setReason] = useState<string>("");
  const [endedOn, setEndedOn] = useState("");
  const [note, setNote] = useState("");
  const error = discharge.isError ? failureOf(discharge.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!reason) return;
    const body = {
      version: episode.version,
      reason: reason as DischargeIn["reason"],
      ended_on: endedOn || null,
      note: note.trim() || null,
    };
    discharge.mutate({ path: { episode_id: episode.id }, body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Discharge ${episode.patient_name}`}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Radio.Group label="Why does care end?" required value={reason} onChange={setReason}>
            <Stack gap={8} mt={6}>
              {Object.entries(REASONS).map(([value, label], position) => (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  data-autofocus={position === 0 ? true : undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            type="date"
            label="Last day of care"
            description="Leave it empty for today"
            min={episode.started_on}
            value={endedOn}
            error={error?.errors.find((found) => found.pointer === "/ended_on")?.detail}
            onChange={(event) => setEndedOn(event.currentTarget.value)}
          />
          <Textarea
            label="Note"
            autosize
            minRows={2}
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Keep in care
            </Button>
            <Button type="submit" disabled={!reason} loading={discharge.isPending}>
              Discharge
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
