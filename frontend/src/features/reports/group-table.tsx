import { Table } from "@mantine/core";
import type { DefinitionOut, GroupOut } from "./queries";
import classes from "./reports.module.css";
import { between, DIMENSIONS, said, tick } from "./wording";

interface Props {
  groups: GroupOut[];
  by: string;
  definition: DefinitionOut;
  onOpen: (rowsUrl: string) => void;
}

/** The figures by group; each opens to its rows. */
export function GroupTable({ groups, by, definition, onOpen }: Props) {
  if (groups.length === 0) return null;
  return (
    <Table verticalSpacing={5} fz="sm" aria-label={`${definition.title} by ${DIMENSIONS[by]}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{DIMENSIONS[by]}</Table.Th>
          <Table.Th ta="right">n</Table.Th>
          <Table.Th ta="right">Value</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            95 %
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map((group) => (
          <Table.Tr key={group.key ?? "none"}>
            <Table.Td>
              <button type="button" className={classes.link} onClick={() => onOpen(group.rows_url)}>
                {tick(group.key, group.label, by)}
              </button>
            </Table.Td>
            <Table.Td ta="right">{group.n.toLocaleString("en-US")}</Table.Td>
            <Table.Td ta="right" title={group.withheld?.text}>
              {group.withheld ? (
                <abbr title={group.withheld.text}>{group.withheld.reason.replaceAll("_", " ")}</abbr>
              ) : (
                said(group.value, definition.unit)
              )}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {between(group.interval, definition.unit)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
