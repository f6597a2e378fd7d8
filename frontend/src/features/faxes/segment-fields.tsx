import { Button } from "@mantine/core";
import { useState } from "react";
import { type Draft, typed } from "./draft";
import { FieldRow } from "./field-row";
import type { FaxSegmentOut } from "./queries";
import classes from "./review.module.css";
import { GROUPS } from "./wording";

interface Props {
  segment: FaxSegmentOut;
  draft: Draft;
  litField: string | null;
  readOnly: boolean;
  onFocus: (name: string) => void;
  onChange: (name: string, value: string) => void;
}

/** The fields of one patient; those nothing was read for are folded away. */
export function SegmentFields({ segment, draft, litField, readOnly, onFocus, onChange }: Props) {
  const [all, setAll] = useState(false);
  return (
    <>
      {GROUPS.map((group) => {
        const specs = group.fields.filter(
          (spec) =>
            all ||
            (spec.always && !readOnly) ||
            segment.fields[spec.name] ||
            draft[segment.index]?.[spec.name],
        );
        if (specs.length === 0) return null;
        return (
          <section key={group.title} aria-label={group.title} className={classes.group}>
            <h2>{group.title}</h2>
            {specs.map((spec) => (
              <FieldRow
                key={spec.name}
                spec={spec}
                field={segment.fields[spec.name]}
                value={typed(draft, segment, spec.name)}
                lit={litField === spec.name}
                readOnly={readOnly}
                onFocus={onFocus}
                onChange={onChange}
              />
            ))}
          </section>
        );
      })}
      {!readOnly && (
        <Button variant="subtle" size="xs" onClick={() => setAll(!all)}>
          {all ? "Hide empty fields" : "Show all fields"}
        </Button>
      )}
    </>
  );
}
