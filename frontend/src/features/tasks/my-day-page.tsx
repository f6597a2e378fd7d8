import { Kbd, SegmentedControl, Text } from "@mantine/core";
import { CircleCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { UnclearNotice } from "../emr-messages";
import { linesOf } from "./group";
import { useTasks } from "./queries";
import { TaskList } from "./task-list";
import classes from "./tasks.module.css";

/** The day's work: what is lost first comes first. */
export function MyDayPage() {
  const [owner, setOwner] = useState("me");
  const tasks = useTasks(owner === "all" ? undefined : owner);
  const lines = useMemo(
    () => linesOf(tasks.data?.pages.flatMap((page) => page.items) ?? [], tasks.hasNextPage),
    [tasks.data, tasks.hasNextPage],
  );
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
        <UnclearNotice />
        {tasks.isPending && <Loading label="Loading tasks" />}
        {tasks.isError && <Failed error={tasks.error} retry={() => tasks.refetch()} />}
        {tasks.isSuccess && lines.length === 0 && (
          <Empty icon={<CircleCheck size={34} color="#0f766e" />} title="All caught up">
            New referrals bring their first task here by themselves.
          </Empty>
        )}
        {lines.length > 0 && (
          <>
            <Text size="xs" c="dimmed" className={classes.keys}>
              <Kbd size="xs">J</Kbd> <Kbd size="xs">K</Kbd> move · <Kbd size="xs">D</Kbd> done ·{" "}
              <Kbd size="xs">S</Kbd> later · <Kbd size="xs">Enter</Kbd> open
            </Text>
            <TaskList
              key={owner}
              lines={lines}
              fetchMore={tasks.hasNextPage && !tasks.isFetchingNextPage ? tasks.fetchNextPage : undefined}
              fetching={tasks.isFetchingNextPage}
            />
          </>
        )}
      </div>
    </div>
  );
}
