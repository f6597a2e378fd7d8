import { Text } from "@mantine/core";
import { moment } from "../../shared/lib/format";
import type { PolicyOut } from "./queries";

/** Who chose the policy last, and who agreed to texting unasked. */
export function LastChange({ policy }: { policy: PolicyOut }) {
  const { last_change: last, last_agreement: agreement } = policy;
  if (!last) {
    return (
      <Text size="xs" c="dimmed" mt="md">
        Nobody has changed the standard policy yet.
      </Text>
    );
  }
  return (
    <div>
      <Text size="xs" c="dimmed" mt="md">
        Last changed by {last.by}, {moment(last.at)}.
      </Text>
      {agreement && policy.first_text === "send" && (
        <Text size="xs" c="dimmed" mt={4}>
          {agreement.by} agreed on {moment(agreement.at)}: “{agreement.agreed_to}”
        </Text>
      )}
    </div>
  );
}
