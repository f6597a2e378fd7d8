import { Button, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import classes from "./admin.module.css";

interface Props {
  label: string;
  head: string[];
  rows: { key: string; cells: ReactNode[] }[];
  query: { isPending: boolean; isError: boolean; error: unknown; refetch: () => void };
  empty: string;
  more?: (() => void) | null;
}

/** A plain table with its loading, failing and empty states. */
export function DataTable({ label, head, rows, query, empty, more }: Props) {
  if (query.isPending) return <Loading label={`Loading ${label}`} />;
  if (query.isError) return <Failed error={query.error} retry={query.refetch} />;
  if (rows.length === 0) return <Empty title="Nothing here">{empty}</Empty>;
  return (
    <>
      <Table.ScrollContainer
        minWidth={620}
        className={classes.table}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": label } }}
      >
        <Table verticalSpacing={8} aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {head.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key}>
                {row.cells.map((cell, index) => (
                  <Table.Td key={head[index]}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {more && (
        <Button variant="default" mt="sm" onClick={more}>
          Show more
        </Button>
      )}
    </>
  );
}
