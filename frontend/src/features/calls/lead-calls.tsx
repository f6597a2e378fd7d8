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
  const [newest, ...earlier] = calls.data.items;
  const shown = (list: typeof earlier) => (
    <ol className={classes.list}>
      {list.map((call) => (
        <li key={call.id}>
          <CallItem call={call} leadId={leadId} />
        </li>
      ))}
    </ol>
  );
  return children(
    <>
      {newest && shown([newest])}
      {earlier.length > 0 && (
        <details className={classes.earlier}>
          <summary>{earlier.length === 1 ? "1 earlier call" : `${earlier.length} earlier calls`}</summary>
          {shown(earlier)}
        </details>
      )}
    </>,
  );
}
