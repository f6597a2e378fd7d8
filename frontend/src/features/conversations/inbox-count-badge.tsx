import { Badge, Group } from "@mantine/core";
import { useCounts } from "./queries";

/** How many patients wait for an answer, and how many notes name us, in the menu. */
export function InboxCountBadge() {
  const counts = useCounts().data;
  if (!counts?.waiting && !counts?.mentions_unseen) return null;
  return (
    <Group gap={4} wrap="nowrap">
      {counts.mentions_unseen > 0 && (
        <Badge size="sm" color="blue" variant="light" aria-label={`${counts.mentions_unseen} mention you`}>
          @{counts.mentions_unseen}
        </Badge>
      )}
      {counts.waiting > 0 && (
        <Badge size="sm" color="orange" variant="filled" aria-label={`${counts.waiting} wait for an answer`}>
          {counts.waiting > 999 ? "999+" : counts.waiting}
        </Badge>
      )}
    </Group>
  );
}
