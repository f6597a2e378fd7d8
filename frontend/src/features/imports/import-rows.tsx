import { Button, Group } from "@mantine/core";
import classes from "./imports.module.css";
import { useDecideRow } from "./mutations";
import { type ImportOut, type ImportRowOut, useImportRows } from "./queries";

interface Props {
  found: ImportOut;
  outcome: "failed" | "asked";
}

const TITLES = { failed: "Rows that cannot be read", asked: "May be known already" };

/** Rows that need a person: what is wrong, or who they may be. */
export function ImportRows({ found, outcome }: Props) {
  const rows = useImportRows(found.id, outcome);
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby={`rows-${outcome}`}>
      <h2 id={`rows-${outcome}`} className={classes.title}>
        {TITLES[outcome]}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={classes.scroll} tabIndex={0} aria-label={`${TITLES[outcome]}: rows`}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">{outcome === "failed" ? "What is wrong" : "Why"}</th>
              <th scope="col">It says</th>
              {outcome === "asked" && <th scope="col">Decide</th>}
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <tr key={row.number}>
                <th scope="row">{row.number}</th>
                <td className={outcome === "failed" ? classes.wrong : undefined}>{reason(row)}</td>
                <td>{row.cells.filter(Boolean).join(" · ")}</td>
                {outcome === "asked" && (
                  <td>
                    <Decide importId={found.id} row={row} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          mt="sm"
          loading={rows.isFetchingNextPage}
          onClick={() => rows.fetchNextPage()}
        >
          More
        </Button>
      )}
    </section>
  );
}

const reason = (row: ImportRowOut): string =>
  row.errors.map(({ column, detail }) => (column ? `${column}: ${detail}` : detail)).join("; ") ||
  (row.detail ?? "");

function Decide({ importId, row }: { importId: string; row: ImportRowOut }) {
  const decide = useDecideRow();
  const path = { import_id: importId, number: row.number };
  const choose = (decision: "same" | "new" | "skip") => decide.mutate({ path, body: { decision } });
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="compact-xs" loading={decide.isPending} onClick={() => choose("same")}>
        Same person
      </Button>
      <Button size="compact-xs" variant="default" disabled={decide.isPending} onClick={() => choose("new")}>
        Somebody new
      </Button>
      <Button size="compact-xs" variant="subtle" disabled={decide.isPending} onClick={() => choose("skip")}>
        Skip
      </Button>
    </Group>
  );
}
