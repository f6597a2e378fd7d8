import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Target, useRecordConsent } from "./mutations";

type Status = "granted" | "revoked";
type Method = "verbal" | "form" | "paper";

interface Props {
  target: Target;
  opened: boolean;
  onClose: () => void;
}

const METHODS: { value: Method; label: string }[] = [
  { value: "verbal", label: "Said so" },
  { value: "form", label: "On a form" },
  { value: "paper", label: "On paper" },
];
const ANSWERS: { value: Status; label: string }[] = [
  { value: "granted", label: "Agrees to texts" },
  { value: "revoked", label: "Wants no texts" },
];

/** What the patient told us about texts, with how we know: the ledger keeps it for good. */
export function ConsentDialog({ target, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} centered title="What the patient said about texts">
      {opened && <Form target={target} onClose={onClose} />}
    </Modal>
  );
}

function Form({ target, onClose }: Omit<Props, "opened">) {
  const [status, setStatus] = useState<Status>("granted");
  const [method, setMethod] = useState<Method>("verbal");
  const [note, setNote] = useState("");
  const record = useRecordConsent();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate({ target, status, method, note: note.trim() }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Answer"
          data={ANSWERS}
          value={status}
          onChange={(value) => setStatus(value as Status)}
        />
        <SegmentedControl
          aria-label="How we know"
          data={METHODS}
          value={method}
          onChange={(value) => setMethod(value as Method)}
        />
        <Textarea
          data-autofocus
          label="What was said, and when"
          placeholder={
            status === "granted" ? "Said on the phone that texts are fine" : "Asked not to be texted"
          }
          required
          minLength={3}
          maxLength={500}
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          {status === "granted"
            ? "What was held goes out, within lawful hours."
            : "Everything that waits for this number is taken back at once."}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={status === "revoked" ? "red" : undefined}
            loading={record.isPending}
            disabled={note.trim().length < 3}
          >
            Note it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
