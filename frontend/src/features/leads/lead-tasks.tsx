import { Text } from "@mantine/core";
import { Loading } from "../../shared/ui/states";
import { TaskLines } from "../tasks";
import { type LeadOut, useLeadTasks } from "./queries";
import { Section } from "./section";

/** What is to be done for this lead, the next step first. */
export function LeadTasks({ lead }: { lead: LeadOut }) {
  const tasks = useLeadTasks(lead.id);
  return (
    <Section title="Next steps">
      {tasks.isPending && <Loading />}
      {tasks.isSuccess && tasks.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing to do: this lead is closed.
        </Text>
      )}
      {tasks.isSuccess && tasks.data.items.length > 0 && <TaskLines tasks={tasks.data.items} />}
    </Section>
  );
}
