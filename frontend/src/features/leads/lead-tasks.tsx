import { Button, Group, Menu, Text } from "@mantine/core";
import { Check, ChevronDown } from "lucide-react";
import { due, moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { Loading } from "../../shared/ui/states";
import classes from "./leads.module.css";
import { useFinishTask, useSnoozeTask } from "./mutations";
import { type LeadOut, useLeadTasks } from "./queries";
import { Section } from "./section";

/** What is to be done for this lead, the next step first. */
export function LeadTasks({ lead }: { lead: LeadOut }) {
  const tasks = useLeadTasks(lead.id);
  const finish = useFinishTask();
  const snooze = useSnoozeTask();
  const open = tasks.data?.items ?? [];
  return (
    <Section title="Next steps">
      {tasks.isPending && <Loading />}
      {tasks.isSuccess && open.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing to do: this lead is closed.
        </Text>
      )}
      {open.map((task) => (
        <div
          key={task.id}
          className={classes.task}
          data-overdue={new Date(task.due_at) < new Date() || undefined}
        >
          <div>
            <Text size="sm" fw={600}>
              {task.title}
            </Text>
            <Text size="xs" className={classes.due} title={moment(task.due_at)}>
              {due(task.due_at)} · {task.owner.name}
            </Text>
          </div>
          <Group gap={4} wrap="nowrap">
            <Menu position="bottom-end" width={180}>
              <Menu.Target>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  rightSection={<ChevronDown size={12} />}
                >
                  Later
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {snoozeTimes().map(({ label, until }) => (
                  <Menu.Item
                    key={label}
                    onClick={() =>
                      snooze.mutate({ path: { task_id: task.id }, body: { version: task.version, until } })
                    }
                  >
                    {label}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<Check size={13} />}
              onClick={() => finish.mutate({ path: { task_id: task.id }, body: { version: task.version } })}
            >
              Done
            </Button>
          </Group>
        </div>
      ))}
    </Section>
  );
}
