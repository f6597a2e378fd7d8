import { Button, Checkbox, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../session";

interface Props {
  opened: boolean;
  text: string;
  pending: boolean;
  onCancel: () => void;
  onAgreed: () => void;
}

/** Nobody chooses the risky way without having read what it means; who agreed is kept with the words. */
export function AgreementDialog({ opened, text, pending, onCancel, onAgreed }: Props) {
  const me = useMe();
  const [agreed, setAgreed] = useState(false);
  const close = () => {
    setAgreed(false);
    onCancel();
  };
  return (
    <Modal opened={opened} onClose={close} title="Text patients without asking?" centered>
      <Checkbox
        label={text}
        checked={agreed}
        data-autofocus
        onChange={(event) => setAgreed(event.currentTarget.checked)}
      />
      <Text size="xs" c="dimmed" mt="sm">
        Kept with today's date, your name ({me.user.name}) and these words.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button color="red.9" disabled={!agreed} loading={pending} onClick={onAgreed}>
          I agree, text at once
        </Button>
      </Group>
    </Modal>
  );
}
