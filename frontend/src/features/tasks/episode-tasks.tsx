import { Text } from "@mantine/core";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { useEpisodeTasks } from "./queries";
import { TaskLines } from "./task-lines";

/** What is to be done for care that has no lead. */
export function EpisodeTasks({ episodeId }: { episodeId: string }) {
  const tasks = useEpisodeTasks(episodeId);
  useLive((event) => {
    if (event.type.startsWith("task.") || event.type === "resync") tasks.refetch();
  });
  if (tasks.isPending) return <Loading label="Loading what is to be done" />;
  if (tasks.isError) return <Failed error={tasks.error} retry={() => tasks.refetch()} />;
  const { items } = tasks.data;
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed" mb={8}>
        Nothing is due.
      </Text>
    );
  return <TaskLines tasks={items} />;
}
