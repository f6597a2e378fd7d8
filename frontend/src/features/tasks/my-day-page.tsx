import { Badge, Button, Group, Menu, SegmentedControl, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Check, ChevronDown, CircleCheck, FileText, Phone } from "lucide-react";
import { useState } from "react";
import { due, moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { groupTasks } from "./group";
import { useFinish, useSnooze } from "./mutations";
import { type TaskOut, useTasks } from "./queries";
import classes from "./tasks.module.css";

/** The day's work by due time. */
export function MyDayPage() {
  const [owner, setOwner] = useState("me");
  const tasks = useTasks(owner === "all" ? undefined : owner);
  const all = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div>
      <PageHead title="My day">
        <SegmentedControl
          size="xs"
          aria-label="Whose tasks"
          value={owner}
          onChange={setOwner}
          data={[
            { value: "me", label: "Mine and my teams'" },
            { value: "all", label: "Everyone's" },
          ]}
        />
      </PageHead>
      <div className={classes.page}>
        {tasks.isPending && <Loading label="Loading tasks" />}
        {tasks.isError && <Failed error={tasks.error} retry={() => tasks.refetch()} />}
        {tasks.isSuccess && all.length === 0 && (
          <Empty icon={<CircleCheck size={34} color="#0f766e" />} title="All caught up">
            New referrals bring their first task here by themselves.
          </Empty>
        )}
        {groupTasks(all).map((group) => (
          <section key={group.title} aria-label={group.title} className={classes.group}>
            <h2 className={classes.heading} data-late={group.title === "Overdue" || undefined}>
              {group.title}{" "}
              <Badge variant="light" color={group.title === "Overdue" ? "red" : "gray"} size="sm">
                {group.tasks.length}
              </Badge>
            </h2>
            <ul className={classes.list}>
              {group.tasks.map((task) => (
                <TaskRow key={task.id} task={task} />
              ))}
            </ul>
          </section>
        ))}
        {tasks.hasNextPage && (
          <Button variant="default" loading={tasks.isFetchingNextPage} onClick={() => tasks.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </div>
  );
}

function TaskRow({ task }: { task: TaskOut }) {
  const finish = useFinish();
  const snooze = useSnooze();
  const path = { task_id: task.id };
  const late = new Date(task.due_at) < new Date();
  return (
    <li className={classes.task} data-late={late || undefined}>
      {task.fax_id ? <FileText size={17} aria-hidden /> : <Phone size={17} aria-hidden />}
      <div className={classes.what}>
        {task.lead_id ? (
          <Link to="/board" search={{ lead: task.lead_id }} className={classes.title}>
            {task.patient_display_name ?? "Lead"}
          </Link>
        ) : (
          <Link to="/faxes/$faxId" params={{ faxId: task.fax_id ?? "" }} className={classes.title}>
            {task.patient_display_name ?? "Fax"}
          </Link>
        )}
        <Text size="sm">{task.title}</Text>
      </div>
      <Text size="sm" className={classes.due} title={moment(task.due_at)}>
        {due(task.due_at)}
      </Text>
      <Text size="sm" c="dimmed" className={classes.owner}>
        {task.owner.name}
      </Text>
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <Menu position="bottom-end" width={180}>
          <Menu.Target>
            <Button size="compact-sm" variant="subtle" color="gray" rightSection={<ChevronDown size={13} />}>
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
            onClick={() => finish.mutate({ path, body: { version: task.version } })}
          >
            Done
          </Button>
        )}
      </Group>
    </li>
  );
}
