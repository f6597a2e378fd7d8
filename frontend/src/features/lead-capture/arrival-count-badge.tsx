import { Badge } from "@mantine/core";

/** How many wait to be looked at, in the menu. */
export function ArrivalCountBadge({ held }: { held: number }) {
  return (
    <Badge size="sm" color="#c2410c" variant="filled" aria-label={`${held} to check`}>
      {held}
    </Badge>
  );
}
