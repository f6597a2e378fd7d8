import { Badge } from "@mantine/core";
import { useSavedReports } from "./queries";

/** How many results of scheduled reports nobody has looked at, in the menu. */
export function ReportCountBadge() {
  const unseen = useSavedReports().data?.items.reduce((sum, saved) => sum + saved.unseen, 0) ?? 0;
  if (unseen === 0) return null;
  return (
    <Badge size="sm" color="#0f766e" variant="filled" aria-label={`${unseen} new reports`}>
      {unseen}
    </Badge>
  );
}
