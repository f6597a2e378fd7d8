import { Badge } from "@mantine/core";
import { useTaskCount } from "./queries";

/** How much of my day waits, in the menu. */
export function TaskCountBadge() {
  const counts = useTaskCount().data;
  if (!counts || counts.now === 0) return null;
  const shown = counts.now >= counts.most ? `${counts.most}+` : String(counts.now);
  const late = counts.breached > 0 ? `, ${counts.breached} first contacts late` : "";
  return (
    <Badge
      size="sm"
      color={counts.breached > 0 ? "red.9" : "#c2410c"}
      variant="filled"
      aria-label={`${shown} tasks overdue or waiting${late}`}
    >
      {shown}
    </Badge>
  );
}
