import { Button, Group, List, Modal } from "@mantine/core";

interface Props {
  /** Why one should look again; null: closed. */
  reasons: string[] | null;
  onCancel: () => void;
  onSend: () => void;
}

/** The person decides: what was found is said once more before the text goes. */
export function SendConfirm({ reasons, onCancel, onSend }: Props) {
  return (
    <Modal opened={reasons !== null} onClose={onCancel} title="Send it all the same?" centered>
      <List size="sm" spacing={6} mb="md">
        {reasons?.map((reason) => (
          <List.Item key={reason} style={{ overflowWrap: "anywhere" }}>
            {reason}
          </List.Item>
        ))}
      </List>
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel} data-autofocus>
          Change it
        </Button>
        <Button color="red.8" onClick={onSend}>
          Send it
        </Button>
      </Group>
    </Modal>
  );
}
