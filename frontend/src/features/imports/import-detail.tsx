import { Alert, Anchor, Button, Group, Progress, Radio } from "@mantine/core";
import { ArrowLeft, Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { ColumnMapping } from "./column-mapping";
import { ImportRows } from "./import-rows";
import classes from "./imports.module.css";
import { useRunImport } from "./mutations";
import { busy, type ImportOut, useImport } from "./queries";
import { countsOf, readAs, stateOf } from "./wording";

/** One file: how it is read, how far it is, and the rows that need a person. */
export function ImportDetail({ id, onBack }: { id: string; onBack: () => void }) {
  const found = useImport(id);
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        mb="sm"
        leftSection={<ArrowLeft size={14} />}
        onClick={onBack}
      >
        All imports
      </Button>
      {found.isPending && <Loading label="Loading the import" />}
      {found.isError && <Failed error={found.error} retry={() => found.refetch()} />}
      {found.data && <Whole found={found.data} />}
    </>
  );
}

function Whole({ found }: { found: ImportOut }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <section className={classes.section} aria-labelledby="import-state">
        <h2 id="import-state" ref={heading} tabIndex={-1} className={classes.title}>
          {found.file_name}
        </h2>
        <p className={classes.about}>
          {readAs(found)}. <strong>{stateOf(found)}.</strong>
        </p>
        {busy(found) && (
          <Progress
            value={found.total ? (100 * found.processed) / found.total : 0}
            maw={760}
            aria-label={`${found.processed} of ${found.total} rows`}
            animated
          />
        )}
        {found.failure && <Alert color="red" maw={760} title={found.failure} />}
        <ul className={classes.counts} aria-live="polite">
          {countsOf(found).map(([label, number]) => (
            <li key={label} className={label === "cannot be read" ? classes.wrong : undefined}>
              <strong>{number.toLocaleString("en-US")}</strong> {label}
            </li>
          ))}
        </ul>
        {(found.counts.failed ?? 0) > 0 && !busy(found) && (
          <Anchor size="sm" href={`/api/v1/imports/${found.id}/errors.csv`} download>
            <Group gap={6} component="span" display="inline-flex">
              <Download size={14} aria-hidden /> Download the rows that failed
            </Group>
          </Anchor>
        )}
      </section>
      {(found.state === "checked" || found.state === "failed") && <Plan key={found.version} found={found} />}
      {!busy(found) && <ImportRows found={found} outcome="failed" />}
      {found.state === "done" && <ImportRows found={found} outcome="asked" />}
    </>
  );
}

const DUPLICATES = [
  { value: "ask", label: "Ask me about everybody who may be known" },
  { value: "attach", label: "Complete patients who are surely the same, ask about the rest" },
  { value: "skip", label: "Skip everybody who may be known" },
];

/** How the columns are read and what happens to people known already; then check again or import. */
function Plan({ found }: { found: ImportOut }) {
  const run = useRunImport();
  const [mapping, setMapping] = useState<Record<string, string>>(found.mapping);
  const [duplicates, setDuplicates] = useState<string>(found.duplicates);
  const changed =
    JSON.stringify(mapping) !== JSON.stringify(found.mapping) || duplicates !== found.duplicates;
  const read = Object.keys(mapping).length > 0;
  const good = found.total - (found.counts.failed ?? 0);
  const send = (dryRun: boolean) =>
    run.mutate({
      path: { import_id: found.id },
      body: {
        version: found.version,
        mapping,
        duplicates: duplicates as ImportOut["duplicates"],
        dry_run: dryRun,
      },
    });
  return (
    <section className={classes.section} aria-labelledby="import-plan">
      <h2 id="import-plan" className={classes.title}>
        How the columns are read
      </h2>
      {!read && (
        <Alert color="orange" maw={760} mb="sm" title="None of these columns is known">
          Choose what each one means, then check again. It is remembered for your next file.
        </Alert>
      )}
      <ColumnMapping found={found} mapping={mapping} onChange={setMapping} />
      {(found.kind === "patients" || found.kind === "leads") && (
        <Radio.Group mt="md" label="Patients known already" value={duplicates} onChange={setDuplicates}>
          {DUPLICATES.map((choice) => (
            <Radio key={choice.value} value={choice.value} label={choice.label} mt={8} />
          ))}
        </Radio.Group>
      )}
      <Group mt="lg" gap="sm">
        <Button variant="default" loading={run.isPending} disabled={!changed} onClick={() => send(true)}>
          Check again
        </Button>
        <Button
          loading={run.isPending}
          disabled={!read || (good === 0 && !changed)}
          onClick={() => send(false)}
        >
          {changed
            ? "Import as chosen"
            : `Import ${good.toLocaleString("en-US")} ${good === 1 ? "row" : "rows"}`}
        </Button>
      </Group>
    </section>
  );
}
