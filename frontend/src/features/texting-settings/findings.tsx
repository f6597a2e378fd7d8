import { Text } from "@mantine/core";
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { CheckedTemplate } from "./queries";
import classes from "./texting-settings.module.css";

/** What the linter says: what forbids the text first, then what is good to know. */
export function Findings({ problems }: { problems: CheckedTemplate["problems"] }) {
  return (
    <ul className={classes.findings} aria-label="What we noticed" aria-live="polite">
      {problems.map((item) => (
        <li key={item.detail} data-level={item.level}>
          {item.level === "error" ? (
            <CircleAlert size={16} aria-label="Must be corrected" />
          ) : (
            <TriangleAlert size={16} aria-label="Good to know" />
          )}
          <Text size="sm">{item.detail}</Text>
        </li>
      ))}
      {problems.length === 0 && (
        <li data-level="ok">
          <CircleCheck size={16} aria-hidden />
          <Text size="sm">Nothing to correct</Text>
        </li>
      )}
    </ul>
  );
}
