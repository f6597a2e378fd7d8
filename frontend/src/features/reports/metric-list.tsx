import { Text } from "@mantine/core";
import { Failed, Loading } from "../../shared/ui/states";
import type { Open } from "./card";
import { Figure } from "./figure";
import { type Asked, type DefinitionOut, useReport, useReports } from "./queries";
import classes from "./reports.module.css";
import { FAMILIES } from "./wording";

interface Props {
  asked: Asked;
  onOpen: Open;
}

/** Every metric with its value for what is chosen above. */
export function MetricList({ asked, onOpen }: Props) {
  const catalog = useReports();
  if (catalog.isPending) return <Loading label="Loading the figures" />;
  if (catalog.isError) return <Failed error={catalog.error} retry={() => catalog.refetch()} />;
  return FAMILIES.map(([family, title]) => (
    <section key={family} aria-label={title}>
      <h2 className={classes.family}>{title}</h2>
      <div className={classes.list}>
        {catalog.data.items
          .filter((metric) => metric.family === family)
          .map((metric) => (
            <Line key={metric.key} metric={metric} asked={asked} onOpen={onOpen} />
          ))}
      </div>
    </section>
  ));
}

const PARAMETERS: Record<string, keyof Asked> = {
  location: "location_id",
  source: "source",
  referrer: "referrer_id",
};

/** What of the question a metric can be asked. */
export function askable(metric: DefinitionOut, asked: Asked): Asked {
  const dropped = Object.entries(PARAMETERS).filter(([name]) => !metric.dimensions.includes(name as never));
  return { ...asked, ...Object.fromEntries(dropped.map(([, parameter]) => [parameter, undefined])) };
}

function Line({ metric, asked, onOpen }: { metric: DefinitionOut; asked: Asked; onOpen: Open }) {
  const report = useReport(metric.key, askable(metric, asked));
  return (
    <div className={classes.line}>
      <div>
        <button type="button" className={classes.link} onClick={() => onOpen(metric.key, undefined, "")}>
          {metric.title}
        </button>
        <Text size="xs" c="dimmed">
          {metric.formula}
        </Text>
      </div>
      <div>
        {report.data && (
          <Figure figure={report.data} unit={metric.unit} subject={metric.subject} size="small" />
        )}
        {report.isError && <Text size="xs">could not be counted</Text>}
      </div>
    </div>
  );
}
