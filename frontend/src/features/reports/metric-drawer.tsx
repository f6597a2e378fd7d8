import { Button, CloseButton, Drawer, Group, Select, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Bookmark, Download, FileText } from "lucide-react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { questionOf } from "./card";
import { Bars, Steps, Trend } from "./charts";
import { Definition } from "./definition";
import { Figure } from "./figure";
import { GroupTable } from "./group-table";
import { askable } from "./metric-list";
import { type Asked, type DefinitionOut, useReport, useReports } from "./queries";
import classes from "./reports.module.css";
import { RowsTable } from "./rows-table";
import { SaveDialog } from "./save-dialog";
import type { ReportsSearch } from "./search";
import { DIMENSIONS } from "./wording";

interface Props {
  search: ReportsSearch;
  asked: Asked;
  onChange: (part: Partial<ReportsSearch>) => void;
}

/** All about one figure: its value, what it means, its parts, and the rows behind it. */
export function MetricDrawer({ search, asked, onChange }: Props) {
  const catalog = useReports();
  const metric = catalog.data?.items.find((found) => found.key === search.metric);
  const close = () => onChange({ metric: undefined, by: undefined, rows: undefined });
  const onTop = () => document.querySelectorAll('[role="dialog"][aria-modal="true"]').length < 2;
  return (
    <Drawer.Root
      opened={metric !== undefined}
      onClose={() => onTop() && close()}
      position="right"
      size={680}
      trapFocus={!search.lead}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={metric?.title ?? "Report"}>
        <Drawer.Body p={0}>
          {metric && (
            <Panel
              key={metric.key}
              metric={metric}
              search={search}
              asked={asked}
              onChange={onChange}
              onClose={close}
            />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Panel({
  metric,
  search,
  asked,
  onChange,
  onClose,
}: Props & { metric: DefinitionOut; onClose: () => void }) {
  const [saving, save] = useDisclosure();
  const may = useMay("reports:write");
  const by = metric.dimensions.find((found) => found === search.by);
  const question = { ...askable(metric, asked), group_by: by };
  const report = useReport(metric.key, question);
  const openRows = (url: string) => onChange({ rows: questionOf(url) || "which=counted" });
  const found = report.data?.metric === metric.key ? report.data : undefined;
  return (
    <div className={classes.panel}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} size="h4">
          {metric.title}
        </Title>
        <CloseButton aria-label="Close" onClick={onClose} />
      </Group>
      {report.isError && <Failed error={report.error} retry={() => report.refetch()} />}
      {!found && !report.isError && <Loading label="Counting" />}
      {found && (
        <>
          <Figure figure={found} unit={metric.unit} subject={metric.subject} />
          <Group gap="xs" mt="sm">
            <Select
              size="xs"
              w={170}
              aria-label="Split by"
              placeholder="Split by…"
              clearable
              data={metric.dimensions
                .filter((name) => name !== "part")
                .map((value) => ({ value, label: DIMENSIONS[value] ?? value }))}
              value={by ?? null}
              onChange={(next) => onChange({ by: next ?? undefined })}
            />
            <Button size="xs" variant="default" onClick={() => openRows(found.rows_url)}>
              Rows
            </Button>
            <Export metric={metric.key} asked={question} />
            {may && (
              <Button size="xs" variant="default" leftSection={<Bookmark size={14} />} onClick={save.open}>
                Save
              </Button>
            )}
          </Group>
          {found.parts.length > 0 && (
            <>
              <h3>{metric.kind === "funnel" ? "Steps" : "Reasons"}</h3>
              <Steps parts={found.parts} unit={metric.unit} subject={metric.subject} onOpen={openRows} />
            </>
          )}
          {by && found.group_by === by && (
            <>
              <h3>By {DIMENSIONS[by]?.toLowerCase()}</h3>
              {by === "month" || by === "week" || by === "point" ? (
                <Trend groups={found.groups} by={by} unit={metric.unit} title={metric.title} height={190} />
              ) : (
                <Bars groups={found.groups} unit={metric.unit} title={metric.title} />
              )}
              <GroupTable groups={found.groups} by={by} definition={metric} onOpen={openRows} />
            </>
          )}
          <Definition report={found} onOpen={openRows} />
          {search.rows !== undefined && (
            <RowsTable
              metric={metric}
              question={search.rows || questionOf(found.rows_url)}
              onLead={(lead) => onChange({ lead })}
            />
          )}
        </>
      )}
      {saving && <SaveDialog metric={metric} search={search} by={by} onClose={save.close} />}
    </div>
  );
}

function Export({ metric, asked }: { metric: string; asked: Asked }) {
  const said = Object.entries(asked).filter(([, value]) => value) as [string, string][];
  const address = (format: string) =>
    `/api/v1/reports/${metric}/export?${new URLSearchParams([...said, ["format", format]])}`;
  return (
    <>
      <Button
        component="a"
        size="xs"
        variant="default"
        leftSection={<Download size={14} />}
        href={address("csv")}
      >
        CSV
      </Button>
      <Button
        component="a"
        size="xs"
        variant="default"
        leftSection={<FileText size={14} />}
        href={address("pdf")}
      >
        PDF
      </Button>
    </>
  );
}
