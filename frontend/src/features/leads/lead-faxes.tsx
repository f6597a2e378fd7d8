import { Link } from "@tanstack/react-router";
import { ago } from "../../shared/lib/format";
import { useMay } from "../session";
import classes from "./leads.module.css";
import { useLeadFaxes } from "./queries";
import { Section } from "./section";

/** The faxes filed under the lead, first page in small. */
export function LeadFaxes({ leadId }: { leadId: string }) {
  const may = useMay("faxes:read");
  const faxes = useLeadFaxes(leadId, may);
  if (!may || !faxes.data?.items.length) return null;
  return (
    <Section title="Faxes">
      <div className={classes.faxes}>
        {faxes.data.items.map((fax) => (
          <Link key={fax.id} to="/faxes/$faxId" params={{ faxId: fax.id }} className={classes.fax}>
            <img src={`/api/v1/faxes/${fax.id}/pages/1/image?width=220`} alt="" loading="lazy" />
            <span>
              {fax.page_count === 1 ? "1 page" : `${fax.page_count ?? 0} pages`}, {ago(fax.received_at)}
            </span>
          </Link>
        ))}
      </div>
    </Section>
  );
}
