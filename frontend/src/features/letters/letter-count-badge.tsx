import { Badge } from "@mantine/core";
import { useLetterCounts } from "./queries";

/** How many letters wait for a person, in the menu. */
export function LetterCountBadge() {
  const counts = useLetterCounts().data;
  const waiting = (counts?.review ?? 0) + (counts?.failed ?? 0);
  if (waiting === 0) return null;
  return (
    <Badge size="sm" color="orange" variant="filled" aria-label={`${waiting} letters wait`}>
      {waiting}
    </Badge>
  );
}
