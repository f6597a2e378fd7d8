import { Text } from "@mantine/core";
import { momentIn } from "../../shared/lib/zones";
import { useMe } from "../session";
import { useReports } from "./queries";

/** Up to when everything that happened is counted. */
export function Freshness() {
  const catalog = useReports();
  const zone = useMe().practice.timezone;
  if (!catalog.data) return null;
  return (
    <Text size="sm" c="dimmed" role="status">
      {catalog.data.as_of ? `As of ${momentIn(zone, catalog.data.as_of)}` : "The figures are being prepared"}
    </Text>
  );
}
