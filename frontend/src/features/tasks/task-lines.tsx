import { Button, Group, Menu, Text } from "@mantine/core";
import { Check, ChevronDown } from "lucide-react";
import { due, moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { useMay } from "../session";
import { useFinish, useSnooze } from "./mutations";
import type { TaskOut } from "./queries";
import classes from "./tasks.module.css";

/** What is to be done for one lead, or one course of care: what, until when, by whom. */
export function TaskLines({ tasks }: { tasks: TaskOut[] }) {
  const may = useMay("tasks:write");
  return (
    <ul className={classes.due} aria-label="To do">
      {tasks.map((task) => (
        <Line key={task.id} task={task} may={may} />
      ))}
    </ul>
  );
}

function Line({ task, may }: { task: TaskOut; may: boolean }) {
  const finish = useFinish();
  const snooze = useSnooze();
  const path = { task_id: task.id };
  return (
    <li data-overdue={new Date(task.due_at) < new Date() || undefined}>
      <div>
        <Text size="sm" fw={600}>
          {task.title}
        </Text>
        <Text size="xs" className={classes.dueAt} title={moment(task.due_at)}>
          {due(task.due_at)} · {task.owner.name}
        </Text>
      </div>
      {may && (
        <Group gap={4} wrap="nowrap">
          <Menu position="bottom-end" width={180}>
            <Menu.Target>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`Later: ${task.title}`}
                rightSection={<ChevronDown size={12} />}
              >
                Later
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {snoozeTimes().map(({ label, until }) => (
                <Menu.Item
                  key={label}
                  onClick={() => snooze.mutate({ path, body: { version: task.version, until } })}
                >
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button
            size="compact-xs"
            variant="light"
            aria-label={`Done: ${task.title}`}
            leftSection={<Check size={13} />}
            loading={finish.isPending}
            onClick={() => finish.mutate({ path, body: { version: task.version } })}
          >
            Done
          </Button>
        </Group>
      )}
    </li>
  );
}
