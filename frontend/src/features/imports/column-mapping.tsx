import { Select } from "@mantine/core";
import classes from "./imports.module.css";
import type { ImportOut } from "./queries";

interface Props {
  found: ImportOut;
  mapping: Record<string, string>;
  onChange: (mapping: Record<string, string>) => void;
}

/** Each column with its first cells and what it means. */
export function ColumnMapping({ found, mapping, onChange }: Props) {
  const taken = new Set(Object.values(mapping));
  const set = (column: string, field: string | null) => {
    const { [column]: _, ...rest } = mapping;
    onChange(field ? { ...rest, [column]: field } : rest);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className={classes.scroll} tabIndex={0} aria-label="Columns">
      <table className={`${classes.table} ${classes.mapping}`}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Means</th>
            <th scope="col">First rows</th>
          </tr>
        </thead>
        <tbody>
          {found.columns.map((column, place) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td className={classes.meaning}>
                <Select
                  size="xs"
                  aria-label={`Meaning of ${column}`}
                  placeholder="Not imported"
                  clearable
                  searchable
                  data={found.fields.map((field) => ({
                    value: field.name,
                    label: field.label,
                    disabled: taken.has(field.name) && mapping[column] !== field.name,
                  }))}
                  value={mapping[column] ?? null}
                  onChange={(value) => set(column, value)}
                />
              </td>
              <td className={classes.samples}>
                {found.preview
                  .map((row) => row[place])
                  .filter(Boolean)
                  .slice(0, 3)
                  .join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
