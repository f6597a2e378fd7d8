import { Alert, Button, SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { type DragEvent, useRef, useState } from "react";
import { problemOf } from "../../api/problem";
import { moment, words } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { ImportDetail } from "./import-detail";
import classes from "./imports.module.css";
import { useCreateImport } from "./mutations";
import { type ImportOut, useImports } from "./queries";
import { countsOf, KINDS, stateOf } from "./wording";

const route = getRouteApi("/desk/settings");

/** Files of an EMR: choose one, see how it would be read, then import it. */
export function ImportPanel() {
  const { item } = route.useSearch();
  const go = route.useNavigate();
  const open = (id: string | undefined) => go({ search: (before) => ({ ...before, item: id }) });
  if (item) return <ImportDetail id={item} onBack={() => open(undefined)} />;
  return (
    <>
      <Choose onChosen={open} />
      <Earlier onOpen={open} />
    </>
  );
}

function Choose({ onChosen }: { onChosen: (id: string) => void }) {
  const create = useCreateImport();
  const [kind, setKind] = useState<ImportOut["kind"]>("patients");
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const send = (file: File | null | undefined) => {
    if (!file) return;
    const body = { file, dry_run: true };
    create.mutate({ path: { kind }, body }, { onSuccess: (found) => onChosen(found.id) });
    if (input.current) input.current.value = "";
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    send(event.dataTransfer.files[0]);
  };
  return (
    <section className={classes.section} aria-labelledby="import-choose">
      <h2 id="import-choose" className={classes.title}>
        Import from your EMR
      </h2>
      <p className={classes.about}>
        A CSV file of at most 25 MB and 100,000 rows. It is only checked first: you see how each column is
        read and which rows have a problem before anything is written. The same row is never imported twice.
      </p>
      <SegmentedControl
        mb="sm"
        aria-label="What the file holds"
        data={KINDS.map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(value) => setKind(value as typeof kind)}
      />
      <p className={classes.about}>{KINDS.find(([value]) => value === kind)?.[2]}</p>
      {create.isError && (
        <Alert color="red" mb="sm" role="alert" maw={760} title={problemOf(create.error).message} />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p style={{ margin: "0 0 10px" }}>Drop a CSV file here, or</p>
        <input
          ref={input}
          type="file"
          accept=".csv,.txt,.tsv,text/csv"
          hidden
          aria-label="CSV file"
          onChange={(event) => send(event.currentTarget.files?.[0])}
        />
        <Button loading={create.isPending} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
      </div>
    </section>
  );
}

function Earlier({ onOpen }: { onOpen: (id: string) => void }) {
  const imports = useImports();
  if (imports.isPending) return <Loading label="Loading imports" />;
  if (imports.isError) return <Failed error={imports.error} retry={() => imports.refetch()} />;
  const items = imports.data.items;
  if (items.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="import-earlier">
      <h2 id="import-earlier" className={classes.title}>
        Earlier files
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={classes.scroll} tabIndex={0} aria-label="Earlier files">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">When</th>
              <th scope="col">State</th>
              <th scope="col">Rows</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td>
                  <Button size="compact-sm" variant="subtle" onClick={() => onOpen(item.id)}>
                    {item.file_name}
                  </Button>
                </td>
                <td>
                  {moment(item.created_at)}, {item.created_by}
                </td>
                <td>
                  {words(item.kind)}: {stateOf(item)}
                </td>
                <td>
                  {countsOf(item)
                    .map(([label, number]) => `${number} ${label}`)
                    .join(", ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
