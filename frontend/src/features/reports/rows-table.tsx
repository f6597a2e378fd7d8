import { Button, Group, Table, Text } from "@mantine/core";
import { Download } from "lucide-react";
import { useEffect, useRef } from "react";
import { day, words } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { type DefinitionOut, type RowOut, useReportRows } from "./queries";
import classes from "./reports.module.css";
import { reason, said } from "./wording";

interface Props {
  metric: DefinitionOut;
  question: string;
  onLead: (id: string) => void;
}

/** The rows a figure is made of, newest first; each opens its lead. */
export function RowsTable({ metric, question, onLead }: Props) {
  const rows = useReportRows(metric.key, question);
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are another place to be
  useEffect(() => head.current?.focus(), [question]);
  const found = rows.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="Rows">
      <Group justify="space-between" mt="lg" align="baseline">
        <h3 ref={head} tabIndex={-1}>
          The rows behind it
        </h3>
        <Button
          component="a"
          size="compact-xs"
          variant="subtle"
          leftSection={<Download size={13} />}
          href={`/api/v1/reports/${metric.key}/rows.csv?${question}`}
        >
          All rows as CSV
        </Button>
      </Group>
      {rows.isPending && <Loading label="Loading the rows" />}
      {rows.isError && <Failed error={rows.error} retry={() => rows.refetch()} />}
      {rows.isSuccess && found.length === 0 && <Empty title="No rows">Nothing counts here.</Empty>}
      {found.length > 0 && (
        <Table.ScrollContainer
          minWidth={520}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Rows" } }}
        >
          <Table verticalSpacing={5} fz="sm" aria-label="Rows">
            <Table.Thead>
              <Table.Tr>
                {["Day", "Who", "Where", "Referrer", "Counted"].map((name) => (
                  <Table.Th key={name}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((row) => (
                <Row key={`${row.id} ${row.on}`} row={row} metric={metric} onLead={onLead} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {rows.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={rows.isFetchingNextPage}
          onClick={() => rows.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

function Row({ row, metric, onLead }: { row: RowOut; metric: DefinitionOut; onLead: (id: string) => void }) {
  const who = row.patient ?? row.person ?? (row.lead_id ? "Open the lead" : "–");
  const what = [row.body_region, row.procedure].filter(Boolean).join(", ");
  return (
    <Table.Tr>
      <Table.Td>{day(row.on)}</Table.Td>
      <Table.Td>
        {row.lead_id ? (
          <button type="button" className={classes.link} onClick={() => onLead(row.lead_id as string)}>
            {who}
          </button>
        ) : (
          who
        )}
        {what && (
          <Text size="xs" c="dimmed">
            {words(what)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{row.location ?? "–"}</Table.Td>
      <Table.Td>{row.referrer ?? "–"}</Table.Td>
      <Table.Td>{counts(row, metric)}</Table.Td>
    </Table.Tr>
  );
}

const STEPS = ["received", "contacted", "scheduled", "evaluated", "came back", "completed"];

/** What of the row is counted, in a word. */
function counts(row: RowOut, metric: DefinitionOut): string {
  if (row.excluded) return reason(row.excluded);
  if (metric.kind === "funnel") return STEPS[row.step ?? 0] ?? "";
  if (metric.kind === "wait") return `${said(row.value, metric.unit)}${row.ended_at ? "" : " so far"}`;
  if (metric.kind === "mean" || metric.kind === "median")
    return row.value === null ? "no score" : said(row.value, metric.unit);
  if (metric.kind === "parts") return row.part ?? "no";
  if ((row.tries ?? 1) > 1) return `${row.hits} of ${row.tries}`;
  return row.hits ? "yes" : "no";
}
