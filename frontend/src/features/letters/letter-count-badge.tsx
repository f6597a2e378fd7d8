import { Badge } from "@mantine/core";
import { useWaitingMessages } from "../referrer-messages";
import { useLetterCounts } from "./queries";

/** How many letters, and messages of offices, wait for a person, in the menu. */
export function LetterCountBadge() {
  const counts = useLetterCounts().data;
  const waiting = (counts?.review ?? 0) + (counts?.failed ?? 0) + useWaitingMessages();
  if (waiting === 0) return null;
  return (
    <Badge size="sm" color="orange" variant="filled" aria-label={`${waiting} letters and messages wait`}>
      {waiting}
    </Badge>
  );
}
