import { Badge, Code } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ago, phone, words } from "../../shared/lib/format";
import { usersOptions } from "../session";
import { DataTable } from "./data-table";
import { useFaxAccounts } from "./queries";

export function People() {
  const users = useQuery(usersOptions());
  return (
    <DataTable
      label="People"
      head={["Name", "E-mail", "Role", "State"]}
      query={users}
      empty="Add people with the command create-user."
      rows={(users.data?.items ?? []).map((user) => ({
        key: user.id,
        cells: [user.name, user.email, words(user.role), user.active ? "Active" : "Closed"],
      }))}
    />
  );
}

export function FaxLines() {
  const lines = useFaxAccounts();
  return (
    <DataTable
      label="Fax lines"
      head={["Number", "Provider", "Webhook address", "Last compared", "State"]}
      query={lines}
      empty="Add a line over the API (POST /settings/fax-accounts), then enter its webhook address at the provider."
      rows={(lines.data?.items ?? []).map((line) => ({
        key: line.id,
        cells: [
          phone(line.number),
          words(line.provider),
          line.webhook_url ? <Code key="url">{line.webhook_url}</Code> : "asked for new faxes every minute",
          line.last_reconciled_at ? ago(line.last_reconciled_at) : "not yet",
          <Badge key="state" variant="light" color={line.active ? "teal" : "gray"}>
            {line.active ? "In use" : "Out of use"}
          </Badge>,
        ],
      }))}
    />
  );
}
