import { moment } from "../../shared/lib/format";
import { DataTable } from "./data-table";
import { useAudit } from "./queries";

/** Who looked at or changed what. */
export function AuditLog() {
  const audit = useAudit();
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <DataTable
      label="Audit"
      head={["When", "Who", "What", "Object", "Patients"]}
      query={audit}
      empty="Nothing was recorded yet."
      more={audit.hasNextPage ? () => audit.fetchNextPage() : null}
      rows={rows.map((row) => ({
        key: String(row.seq),
        cells: [moment(row.at), row.actor, row.action, row.object, row.patient_ids.length || ""],
      }))}
    />
  );
}
