import { Badge } from "@mantine/core";
import { useFaxCounts } from "./queries";

/** How many faxes wait for a person, in the menu. */
export function FaxCountBadge() {
  const counts = useFaxCounts().data;
  const waiting = (counts?.needs_review ?? 0) + (counts?.failed ?? 0);
  if (waiting === 0) return null;
  return (
    <Badge size="sm" color="orange" variant="filled" aria-label={`${waiting} faxes wait`}>
      {waiting}
    </Badge>
  );
}
