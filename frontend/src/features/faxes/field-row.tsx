import { Chip, Group, Select, Textarea, TextInput, Tooltip } from "@mantine/core";
import { memo } from "react";
import { phone } from "../../shared/lib/format";
import { shown, trust } from "./draft";
import type { FieldOut } from "./queries";
import classes from "./review.module.css";
import type { FieldSpec } from "./wording";

const TRUST = {
  person: "Entered or confirmed by a person",
  sure: "Read clearly",
  check: "Read, please check",
  doubt: "Hard to read, please check",
  none: "Not found on the fax",
};
const LONG = new Set(["diagnosis_text", "precautions", "notes", "order_text", "patient_address"]);

interface Props {
  spec: FieldSpec;
  field: FieldOut | undefined;
  value: string;
  lit: boolean;
  readOnly: boolean;
  onFocus: (name: string) => void;
  onChange: (name: string, value: string) => void;
}

/** One field: its name, what was read, how sure that is, and what else it could be. */
export const FieldRow = memo(function FieldRow({
  spec,
  field,
  value,
  lit,
  readOnly,
  onFocus,
  onChange,
}: Props) {
  const level = trust(field);
  const changed = field ? value !== shown(field.normal) : value !== "";
  const common = {
    "aria-label": spec.label,
    "data-field": spec.name,
    size: "sm" as const,
    variant: "unstyled" as const,
    readOnly,
    onFocus: () => onFocus(spec.name),
  };
  const others = (field?.candidates ?? []).filter((other) => shown(other.normal) !== value);
  return (
    <div className={classes.field} data-lit={lit || undefined}>
      <Tooltip label={changed ? "Changed by you" : TRUST[level]} position="left">
        <span
          className={classes.trust}
          data-level={changed ? "person" : level}
          role="img"
          aria-label={changed ? "Changed by you" : TRUST[level]}
        />
      </Tooltip>
      <span className={classes.label}>{spec.label}</span>
      <div className={classes.input}>
        {spec.editor.kind === "choice" || spec.editor.kind === "flag" ? (
          <Select
            {...common}
            clearable={!readOnly}
            placeholder="—"
            data={
              spec.editor.kind === "flag"
                ? [
                    { value: "true", label: "yes" },
                    { value: "false", label: "no" },
                  ]
                : spec.editor.of
            }
            value={value || null}
            onChange={(next) => onChange(spec.name, next ?? "")}
          />
        ) : LONG.has(spec.name) ? (
          <Textarea
            {...common}
            placeholder="—"
            autosize
            minRows={1}
            maxRows={5}
            value={value}
            onChange={(event) => onChange(spec.name, event.currentTarget.value)}
          />
        ) : (
          <TextInput
            {...common}
            placeholder="—"
            value={lit || changed ? value : phone(value)}
            onChange={(event) => onChange(spec.name, event.currentTarget.value)}
          />
        )}
        {lit && !readOnly && others.length > 0 && (
          <Group gap={4} pb={6} aria-label="Other readings">
            {others.map((other) => (
              <Chip
                key={shown(other.normal)}
                size="xs"
                checked={false}
                onChange={() => onChange(spec.name, shown(other.normal))}
              >
                {shown(other.normal)}
              </Chip>
            ))}
          </Group>
        )}
      </div>
    </div>
  );
});
