import { Button, Loader, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { problemOf } from "../../api/problem";
import { Figure } from "./figure";
import { type Asked, type ReportOut, useReport } from "./queries";
import classes from "./reports.module.css";
import { counted } from "./wording";

export type Open = (metric: string, by?: string, rows?: string) => void;
/** The question in an address of rows. */
export const questionOf = (rowsUrl: string) => rowsUrl.split("?")[1] ?? "";

interface Props {
  metric: string;
  asked: Asked;
  by?: NonNullable<Asked["group_by"]>;
  wide?: boolean;
  title?: string;
  onOpen: Open;
  children?: (report: ReportOut) => ReactNode;
}

/** One figure of the overview with what it looks like over time or by whom. */
export function Card({ metric, asked, by, wide, title, onOpen, children }: Props) {
  const report = useReport(metric, { ...asked, group_by: by });
  const found = report.data;
  return (
    <section className={`${classes.card} ${wide ? classes.wide : ""}`} aria-busy={report.isPending}>
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>
          {title ?? found?.definition.title ?? <VisuallyHidden>A figure</VisuallyHidden>}
        </h2>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`Open ${title ?? found?.definition.title ?? metric}`}
          onClick={() => onOpen(metric, by, "")}
        >
          Open
        </Button>
      </div>
      {report.isPending && <Loader size="sm" my="md" role="status" aria-label="Loading" />}
      {report.isError && <p>{problemOf(report.error).message}</p>}
      {found && (
        <>
          {found.definition.kind === "funnel" && !found.withheld ? (
            <Text size="xs" c="dimmed">
              n = {counted(found.n, found.definition.subject)}, at least {found.definition.matured_days} days
              old
            </Text>
          ) : (
            <Figure figure={found} unit={found.definition.unit} subject={found.definition.subject} />
          )}
          {children?.(found)}
        </>
      )}
    </section>
  );
}
