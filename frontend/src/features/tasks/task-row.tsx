import { Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { AlarmClock, Check, ChevronDown, FileText, MessageCircle, Phone } from "lucide-react";
import { moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { toneOf } from "./group";
import { useFinish, useSnooze } from "./mutations";
import type { TaskOut } from "./queries";
import classes from "./tasks.module.css";

interface Props {
  task: TaskOut;
  active: boolean;
  later: boolean;
  onLater: (opened: boolean) => void;
  onFocus: (id: string) => void;
}

const ICONS: Record<string, typeof Phone> = { reply: MessageCircle, call: Phone, call_back: Phone };

/** One thing to do, and why now. */
export function TaskRow({ task, active, later, onLater, onFocus }: Props) {
  const finish = useFinish();
  const snooze = useSnooze();
  const path = { task_id: task.id };
  const name = task.patient_display_name ?? (task.lead_id ? "Lead" : "Fax");
  const Icon = task.fax_id ? FileText : (ICONS[task.kind] ?? AlarmClock);
  const link = {
    className: classes.title,
    "data-task": task.id,
    onFocus: () => onFocus(task.id),
  };
  return (
    <div className={classes.task} data-tone={toneOf(task)} data-active={active || undefined}>
      <Icon size={17} aria-hidden />
      <div className={classes.what}>
        {task.lead_id ? (
          <Link to="/board" search={{ lead: task.lead_id }} {...link}>
            {name}
          </Link>
        ) : (
          <Link to="/faxes/$faxId" params={{ faxId: task.fax_id ?? "" }} {...link}>
            {name}
          </Link>
        )}
        <Text size="sm">{task.title}</Text>
      </div>
      <Tooltip label={`Due ${moment(task.due_at)}`}>
        <Text size="sm" className={classes.why}>
          {task.why}
        </Text>
      </Tooltip>
      <Text size="sm" c="dimmed" className={classes.owner} truncate>
        {task.owner.name}
      </Text>
      <Group gap={4} wrap="nowrap" justify="flex-end" className={classes.actions}>
        <Menu position="bottom-end" width={180} opened={later} onChange={onLater} returnFocus>
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              rightSection={<ChevronDown size={13} />}
              aria-label={`Later: ${name}`}
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
        {!task.fax_id && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<Check size={14} />}
            loading={finish.isPending}
            aria-label={`Done: ${name}`}
            onClick={() => finish.mutate({ path, body: { version: task.version } })}
          >
            Done
          </Button>
        )}
      </Group>
    </div>
  );
}
