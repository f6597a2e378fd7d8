import { Button, Group, Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  opened: boolean;
  title: string;
  action: string;
  color?: string;
  pending?: boolean;
  children: ReactNode;
  onCancel: () => void;
  onConfirmed: () => void;
}

/** Ask once more before something that cannot be taken back. */
export function ConfirmDialog({
  opened,
  title,
  action,
  color,
  pending,
  children,
  onCancel,
  onConfirmed,
}: Props) {
  return (
    <Modal opened={opened} onClose={onCancel} title={title} centered>
      <Text size="sm" component="div">
        {children}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onCancel}>
          Cancel
        </Button>
        <Button color={color} loading={pending} onClick={onConfirmed}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
