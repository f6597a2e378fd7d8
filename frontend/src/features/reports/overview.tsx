import { Empty } from "../../shared/ui/states";
import { Card, type Open, questionOf } from "./card";
import { Bars, Steps, Trend } from "./charts";
import { GroupTable } from "./group-table";
import { type Asked, useReport, useReports } from "./queries";
import classes from "./reports.module.css";

interface Props {
  asked: Asked;
  onOpen: Open;
}

/** What one wants to know on a Monday morning. */
export function Overview({ asked, onOpen }: Props) {
  const catalog = useReports();
  const everything = useReport("contact_rate", {});
  if (catalog.data && everything.data && (catalog.data.as_of === null || nothing(everything.data))) {
    return (
      <Empty title="Nothing to count yet">
        {catalog.data.as_of === null
          ? "The figures are being prepared; look again in a few minutes."
          : "Figures appear here as referrals come in, are contacted and seen."}
      </Empty>
    );
  }
  const rows = (metric: string, by?: string) => (url: string) => onOpen(metric, by, questionOf(url));
  const shared = { asked, onOpen };
  return (
    <div className={classes.grid}>
      <Card metric="contacted_within_24h" by="month" {...shared}>
        {({ groups, definition }) => (
          <Trend groups={groups} by="month" unit={definition.unit} title={definition.title} />
        )}
      </Card>
      <Card metric="time_to_first_attempt" by="month" title="First try, in working hours" {...shared}>
        {({ groups, definition }) => (
          <Trend groups={groups} by="month" unit={definition.unit} title={definition.title} />
        )}
      </Card>
      <Card metric="visit_arrival_rate" by="month" {...shared}>
        {({ groups, definition }) => (
          <Trend groups={groups} by="month" unit={definition.unit} title={definition.title} />
        )}
      </Card>
      <Card metric="funnel" wide title="From referral to completed care" {...shared}>
        {({ parts, definition }) => (
          <Steps parts={parts} unit="share" subject={definition.subject} onOpen={rows("funnel")} />
        )}
      </Card>
      <Card metric="conversion_rate" by="referrer" wide title="Conversion by referrer" {...shared}>
        {({ groups, definition }) => (
          <>
            <Bars groups={groups} unit={definition.unit} title={definition.title} />
            <GroupTable
              groups={groups.slice(0, 6)}
              by="referrer"
              definition={definition}
              onOpen={rows("conversion_rate", "referrer")}
            />
          </>
        )}
      </Card>
      <Card metric="visits_per_case" by="clinician" {...shared}>
        {({ groups, definition }) => (
          <Bars groups={groups.slice(0, 6)} unit={definition.unit} title={definition.title} />
        )}
      </Card>
      <Card metric="outcome_change" by="body_region" title="Improvement by week six" {...shared}>
        {({ groups, definition }) => (
          <Bars groups={groups.slice(0, 6)} unit={definition.unit} title={definition.title} />
        )}
      </Card>
      <Card metric="lost_reasons" title="Lost, by reason" {...shared}>
        {({ parts, definition }) => (
          <Steps parts={parts} unit="share" subject={definition.subject} onOpen={rows("lost_reasons")} />
        )}
      </Card>
    </div>
  );
}

const nothing = (report: { n: number; excluded: { n: number }[] }) =>
  report.n + report.excluded.reduce((sum, found) => sum + found.n, 0) === 0;
