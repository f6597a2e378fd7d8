import { Alert, Button, Group, TextInput } from "@mantine/core";
import { CalendarX } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { SlotOut } from "./queries";
import classes from "./scheduling.module.css";
import { SlotButton } from "./slot-picker";
import type { Conflict } from "./wording";

interface Props {
  conflict: Conflict;
  busy: boolean;
  verb: "Book" | "Move";
  onPick: (slot: SlotOut) => void;
  onInsist: (reason: string) => void;
}

/** Why a time cannot be had, the next free ones to take at once, and a way to insist with a reason. */
export function ConflictPanel({ conflict, busy, verb, onPick, onInsist }: Props) {
  const [insisting, setInsisting] = useState(false);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length >= 3) onInsist(reason.trim());
  };
  return (
    <Alert color="yellow" icon={<CalendarX size={18} />} title={conflict.message} role="alert" mt="sm">
      {conflict.why.length > 0 && <p className={classes.why}>{conflict.why.join(". ")}.</p>}
      {conflict.slots.length > 0 && (
        <>
          <p className={classes.why}>The next free times:</p>
          <div className={classes.offers}>
            {conflict.slots.map((slot) => (
              <SlotButton
                key={`${slot.starts_at} ${slot.clinician_id}`}
                slot={slot}
                withDay
                disabled={busy}
                onPick={onPick}
              />
            ))}
          </div>
        </>
      )}
      {conflict.overridable && !insisting && (
        <Button mt="xs" size="compact-sm" variant="default" onClick={() => setInsisting(true)}>
          {verb} it there all the same…
        </Button>
      )}
      {conflict.overridable && insisting && (
        <form onSubmit={submit}>
          <Group align="flex-end" gap="xs" mt="xs">
            <TextInput
              size="xs"
              style={{ flex: 1 }}
              label="Why? It goes on record."
              required
              minLength={3}
              maxLength={300}
              autoFocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button
              type="submit"
              size="xs"
              color="orange.9"
              loading={busy}
              disabled={reason.trim().length < 3}
            >
              {verb} it there
            </Button>
          </Group>
        </form>
      )}
    </Alert>
  );
}
