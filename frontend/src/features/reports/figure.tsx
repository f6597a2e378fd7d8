import { Text } from "@mantine/core";
import { CircleSlash } from "lucide-react";
import type { FigureOut } from "./queries";
import classes from "./reports.module.css";
import { between, counted, said } from "./wording";

interface Props {
  figure: FigureOut;
  unit: string;
  subject: string;
  size?: "large" | "small";
}

/** A value with its n and interval, or why there is none. */
export function Figure({ figure, unit, subject, size = "large" }: Props) {
  const interval = between(figure.interval, unit);
  if (figure.withheld) {
    return (
      <div className={classes.withheld}>
        <CircleSlash size={16} aria-hidden />
        <Text size="sm">{figure.withheld.text}</Text>
      </div>
    );
  }
  return (
    <div>
      <div className={size === "large" ? classes.value : classes.smallValue}>{said(figure.value, unit)}</div>
      <Text size="xs" c="dimmed">
        n = {counted(figure.n, subject)}
        {interval && ` · 95 %: ${interval}`}
      </Text>
    </div>
  );
}
