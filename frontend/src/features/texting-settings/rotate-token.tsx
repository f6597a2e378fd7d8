import { Button, Group, List, Modal, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { phone } from "../../shared/lib/format";
import { useRotateToken } from "./mutations";
import type { PhoneLineOut } from "./queries";

interface Props {
  line: PhoneLineOut;
  opened: boolean;
  onClose: () => void;
}

/** A new auth token, without losing a single callback in between. */
export function RotateDialog({ line, opened, onClose }: Props) {
  const rotate = useRotateToken();
  const [token, setToken] = useState("");
  const close = () => {
    setToken("");
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate(
      { path: { line_id: line.id }, body: { auth_token: token.trim(), version: line.version } },
      { onSuccess: close },
    );
  };
  return (
    <Modal opened={opened} onClose={close} title={`New auth token for ${phone(line.number)}`} centered>
      <List type="ordered" size="sm" spacing={4} mb="md">
        <List.Item>At Twilio, create a secondary auth token and copy it.</List.Item>
        <List.Item>
          Enter it here. From now on we use it, and accept callbacks signed with the old one, too.
        </List.Item>
        <List.Item>At Twilio, promote it to the primary token.</List.Item>
        <List.Item>Here, choose “Forget the old token”.</List.Item>
      </List>
      <form onSubmit={submit}>
        <PasswordInput
          label="New auth token"
          required
          minLength={8}
          maxLength={200}
          autoComplete="off"
          data-autofocus
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={rotate.isPending} disabled={token.trim().length < 8}>
            Use it
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
