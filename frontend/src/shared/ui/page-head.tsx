import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The head of a page: its one title and what can be done here. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" px="lg" pt="md" pb="xs" wrap="wrap" gap="sm">
      <Title order={1} size="h3">
        {title}
      </Title>
      <Group gap="xs" wrap="wrap">
        {children}
      </Group>
    </Group>
  );
}
