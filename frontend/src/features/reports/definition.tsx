import { Text } from "@mantine/core";
import { day } from "../../shared/lib/format";
import { momentIn } from "../../shared/lib/zones";
import { useMe } from "../session";
import type { ReportOut } from "./queries";
import classes from "./reports.module.css";
import { counted, reason, said } from "./wording";

interface Props {
  report: ReportOut;
  onOpen: (rowsUrl: string) => void;
}

const ALSO: Record<string, string> = {
  median: "Median",
  mean: "Average",
  p90: "Nine of ten within",
  still_waiting: "Still waiting",
  lost_share: "Lost to follow-up",
};

/** What the figure means, how it is counted, and what was left out. */
export function Definition({ report, onOpen }: Props) {
  const { definition, also } = report;
  const zone = useMe().practice.timezone;
  const extras = Object.entries(also).filter(([name, value]) => ALSO[name] && value !== null);
  const extra = (name: string, value: number | null) =>
    name === "still_waiting"
      ? counted(value ?? 0, definition.subject)
      : said(value, name === "lost_share" ? "share" : definition.unit);
  const left = report.rows_url + (report.rows_url.includes("?") ? "&" : "?");
  return (
    <section aria-label="What this is">
      {extras.length > 0 && (
        <dl className={classes.facts} style={{ marginTop: 12 }}>
          {extras.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{ALSO[name]}</dt>
              <dd>{extra(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <h3>What this is</h3>
      <Text size="sm">{definition.words}</Text>
      <dl className={classes.facts} style={{ marginTop: 8 }}>
        <dt>Formula</dt>
        <dd>{definition.formula}</dd>
        <dt>Counted</dt>
        <dd>
          {definition.cohort}
          {definition.matured_days > 0 &&
            `; only what is at least ${definition.matured_days === 1 ? "a day" : `${definition.matured_days} days`} old`}
          {report.counted_until && definition.matured_days > 0 && `, until ${day(report.counted_until)}`}
        </dd>
        <dt>Left out</dt>
        <dd>{definition.exclusions.join("; ") || "nothing"}</dd>
        {report.excluded.length > 0 && (
          <>
            <dt>This time</dt>
            <dd>
              <button type="button" className={classes.link} onClick={() => onOpen(`${left}which=excluded`)}>
                {report.excluded.map((found) => `${found.n} ${reason(found.reason)}`).join(", ")}
              </button>
            </dd>
          </>
        )}
        <dt>Withheld</dt>
        <dd>with fewer than {counted(definition.least, definition.subject)}</dd>
        <dt>Name</dt>
        <dd>
          {definition.view}
          {report.as_of && `, as of ${momentIn(zone, report.as_of)}`}
        </dd>
      </dl>
    </section>
  );
}
