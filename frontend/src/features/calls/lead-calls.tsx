import { useMay } from "../session";
import { CallItem } from "./call-item";
import classes from "./calls.module.css";
import { useLeadCalls } from "./queries";

/** The calls of a lead's patient, newest first; the only place of a caller who withheld the number. */
export function LeadCalls({
  leadId,
  children,
}: {
  leadId: string;
  children: (list: React.ReactNode) => React.ReactNode;
}) {
  const may = useMay("messages:read");
  const calls = useLeadCalls(leadId, may);
  if (!may || !calls.data?.items.length) return null;
  return children(
    <ol className={classes.list}>
      {calls.data.items.map((call) => (
        <li key={call.id}>
          <CallItem call={call} leadId={leadId} />
        </li>
      ))}
    </ol>,
  );
}
