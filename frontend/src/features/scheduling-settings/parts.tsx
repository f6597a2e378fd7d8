import { ActionIcon, Button, Group, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import classes from "./scheduling-settings.module.css";

interface PanelProps {
  title: string;
  about: string;
  query: Pick<UseQueryResult<unknown, unknown>, "isPending" | "isError" | "error" | "refetch">;
  empty?: { title: string; text: string } | false;
  add?: { label: string; onClick: () => void } | false;
  children: ReactNode;
}

/** A list of settings: what it is for, adding to it, and its states. */
export function Panel({ title, about, query, empty, add, children }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm" mb="xs">
        <div>
          <h2 className={classes.title}>{title}</h2>
          <p className={classes.about}>{about}</p>
        </div>
        {add && (
          <Button size="xs" leftSection={<Plus size={14} />} style={{ flex: "none" }} onClick={add.onClick}>
            {add.label}
          </Button>
        )}
      </Group>
      {query.isPending && <Loading label={`Loading: ${title}`} />}
      {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
      {!query.isPending && !query.isError && empty && <Empty title={empty.title}>{empty.text}</Empty>}
      {!query.isPending && !query.isError && children}
    </section>
  );
}

interface RowProps {
  name: ReactNode;
  detail?: ReactNode;
  badge?: ReactNode;
  off?: boolean;
  edit?: { label: string; onClick: () => void } | false;
  children?: ReactNode;
}

/** One line of such a list. */
export function Row({ name, detail, badge, off, edit, children }: RowProps) {
  return (
    <li className={classes.row} data-off={off || undefined}>
      <div className={classes.what}>
        <Group gap={8}>
          <b>{name}</b>
          {badge}
        </Group>
        {detail && (
          <Text size="sm" c="dimmed" component="div">
            {detail}
          </Text>
        )}
      </div>
      <Group gap={2} wrap="nowrap">
        {edit && (
          <ActionIcon variant="subtle" color="gray" aria-label={edit.label} onClick={edit.onClick}>
            <Pencil size={16} />
          </ActionIcon>
        )}
        {children}
      </Group>
    </li>
  );
}

export const List = ({ children }: { children: ReactNode }) => <ul className={classes.list}>{children}</ul>;

/** Save or leave a dialog. */
export function Buttons({
  busy,
  disabled,
  onClose,
}: {
  busy: boolean;
  disabled?: boolean;
  onClose: () => void;
}) {
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={onClose}>
        Cancel
      </Button>
      <Button type="submit" loading={busy} disabled={disabled}>
        Save
      </Button>
    </Group>
  );
}
