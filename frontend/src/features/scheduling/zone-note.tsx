import { Text } from "@mantine/core";
import { differsHere, zoneName } from "../../shared/lib/zones";

/** Which clock the times are of, where the one on this computer shows another time. */
export function ZoneNote({ zone }: { zone: string }) {
  if (!differsHere(zone)) return null;
  return (
    <Text size="xs" c="dimmed" mt={6}>
      Times are the clinic's: {zoneName(zone)}.
    </Text>
  );
}
