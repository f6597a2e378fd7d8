import { Text } from "@mantine/core";
import { moment } from "../../shared/lib/format";
import { useReports } from "./queries";

/** Up to when everything that happened is counted. */
export function Freshness() {
  const catalog = useReports();
  if (!catalog.data) return null;
  return (
    <Text size="sm" c="dimmed" role="status">
      {catalog.data.as_of ? `As of ${moment(catalog.data.as_of)}` : "The figures are being prepared"}
    </Text>
  );
}
