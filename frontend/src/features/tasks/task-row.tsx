import { Button, Group, Menu, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { AlarmClock, Check, ChevronDown, FileText, MessageCircle, Phone } from "lucide-react";
import { memo } from "react";
import { moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { toneOf } from "./group";
import type { TaskOut } from "./queries";
import classes from "./tasks.module.css";

interface Props {
  task: TaskOut;
  active: boolean;
  later: boolean;
  finishing: boolean;
  onLater: (id: string, opened: boolean) => void;
  onDone: (task: TaskOut) => void;
  onSnooze: (task: TaskOut, until: string) => void;
  onFocus: (id: string) => void;
}

const ICONS: Record<string, typeof Phone> = { reply: MessageCircle, call: Phone, call_back: Phone };

/** One thing to do, and why now. */
export const TaskRow = memo(function TaskRow(props: Props) {
  const { task, onFocus } = props;
  const name = nameOf(task);
  const Icon = task.fax_id ? FileText : (ICONS[task.kind] ?? AlarmClock);
  const link = { className: classes.title, "data-task": task.id, onFocus: () => onFocus(task.id) };
  return (
    <div className={classes.task} data-tone={toneOf(task)} data-active={props.active || undefined}>
      <Icon size={17} aria-hidden />
      <div className={classes.what}>
        {task.lead_id ? (
          <Link to="/board" search={{ lead: task.lead_id }} {...link}>
            {name}
          </Link>
        ) : task.referrer_id ? (
          <Link to="/referrers/$referrerId" params={{ referrerId: task.referrer_id }} {...link}>
            {name}
          </Link>
        ) : task.episode_id ? (
          <Link to="/in-care" search={{ episode: task.episode_id }} {...link}>
            {name}
          </Link>
        ) : (
          <Link to="/faxes/$faxId" params={{ faxId: task.fax_id ?? "" }} {...link}>
            {name}
          </Link>
        )}
        <Text size="sm">{task.title}</Text>
      </div>
      <Text size="sm" className={classes.why} title={`Due ${moment(task.due_at)}`}>
        {task.why}
      </Text>
      <Text size="sm" c="dimmed" className={classes.owner} truncate>
        {task.owner.name}
      </Text>
      <Group gap={4} wrap="nowrap" justify="flex-end" className={classes.actions}>
        <Later {...props} />
        {!task.fax_id && (
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<Check size={14} />}
            loading={props.finishing}
            aria-label={`Done: ${name}`}
            onClick={() => props.onDone(task)}
          >
            Done
          </Button>
        )}
      </Group>
    </div>
  );
});

function nameOf(task: TaskOut): string {
  return task.patient_display_name ?? (task.lead_id ? "Lead" : task.referrer_id ? "Referrer" : "Fax");
}

/** A menu only where it is open: a menu in each of ten thousand rows would be felt. */
function Later({ task, later, onLater, onSnooze }: Props) {
  const button = (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      rightSection={<ChevronDown size={13} />}
      aria-label={`Later: ${nameOf(task)}`}
      aria-haspopup="menu"
      aria-expanded={later}
      onClick={() => onLater(task.id, !later)}
    >
      Later
    </Button>
  );
  if (!later) return button;
  return (
    <Menu
      opened
      closeOnItemClick={false}
      position="bottom-end"
      width={180}
      onClose={() => onLater(task.id, false)}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {snoozeTimes().map(({ label, until }) => (
          <Menu.Item key={label} onClick={() => onSnooze(task, until)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
