import { BarChart, LineChart } from "@mantine/charts";
import { Text } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import type { GroupOut, PartOut } from "./queries";
import classes from "./reports.module.css";
import { between, counted, said, tick } from "./wording";

interface TrendProps {
  groups: GroupOut[];
  by: string | null;
  unit: string;
  title: string;
  height?: number;
}

const scale = (value: number | null, unit: string) =>
  value === null ? null : unit === "share" ? Math.round(value * 1000) / 10 : value;
const axis = (value: number, unit: string) => {
  if (unit === "share") return `${Math.round(value)} %`;
  if (unit.endsWith("minutes") && value >= 60) return `${Math.round(value / 6) / 10} h`;
  return said(value, unit);
};

/** A figure over months or weeks. Who cannot see it has the table beside it. */
export function Trend({ groups, by, unit, title, height = 150 }: TrendProps) {
  const still = useReducedMotion();
  const shown = groups.filter((group) => group.key !== null);
  const data = shown.map((group) => ({
    when: tick(group.key, group.label, by),
    value: scale(group.value, unit),
  }));
  if (!data.some((point) => point.value !== null))
    return data.length > 0 ? <TooFew what={by === "week" ? "week" : "month"} /> : null;
  return (
    <div aria-hidden className={classes.chart}>
      <LineChart
        h={height}
        data={data}
        dataKey="when"
        series={[{ name: "value", label: title, color: "desk.7" }]}
        curveType="monotone"
        connectNulls={false}
        withDots={data.length < 30}
        gridAxis="y"
        yAxisProps={{ width: 54, domain: unit === "share" ? [0, 100] : [0, "auto"] }}
        valueFormatter={(value) => axis(value, unit)}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: !still }}
      />
    </div>
  );
}

function TooFew({ what }: { what: string }) {
  return (
    <Text size="sm" c="dimmed">
      Too few in each {what} for a line.
    </Text>
  );
}

/** Groups side by side, the largest first. */
export function Bars({ groups, unit, title, height }: Omit<TrendProps, "by">) {
  const still = useReducedMotion();
  const data = groups
    .filter((group) => group.value !== null)
    .slice(0, 12)
    .map((group) => ({ who: group.label, value: scale(group.value, unit) }));
  if (data.length === 0) return null;
  return (
    <div aria-hidden className={classes.chart}>
      <BarChart
        h={height ?? 26 + data.length * 30}
        data={data}
        dataKey="who"
        orientation="vertical"
        series={[{ name: "value", label: title, color: "desk.6" }]}
        gridAxis="x"
        barProps={{ radius: 4, barSize: 14, isAnimationActive: !still }}
        yAxisProps={{ width: 120, tickMargin: 4 }}
        xAxisProps={{ domain: unit === "share" ? [0, 100] : [0, "auto"] }}
        valueFormatter={(value) => axis(value, unit)}
        barChartProps={{ accessibilityLayer: false }}
      />
    </div>
  );
}

interface StepsProps {
  parts: PartOut[];
  unit: string;
  subject: string;
  onOpen: (rowsUrl: string) => void;
}

/** The steps of a funnel or the shares of a whole: each a button to its rows, its width the share. */
export function Steps({ parts, unit, subject, onOpen }: StepsProps) {
  const most = Math.max(1, ...parts.map((part) => part.n));
  return (
    <ol className={classes.steps}>
      {parts.map((part) => (
        <li key={part.key}>
          <button type="button" className={classes.step} onClick={() => onOpen(part.rows_url)}>
            <span className={classes.stepBar} style={{ width: `${(100 * part.n) / most}%` }} />
            <span className={classes.stepLabel}>{part.label}</span>
            <span className={classes.stepValue} title={between(part.interval, unit)}>
              {part.value === null ? "" : said(part.value, unit)} <small>{counted(part.n, subject)}</small>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
