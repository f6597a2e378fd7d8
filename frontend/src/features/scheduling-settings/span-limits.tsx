import { MultiSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useTypes } from "./queries";
import type { Span } from "./week";

interface Props {
  span: Span;
  types: string[];
  may: boolean;
  onChange: (part: Partial<Span>) => void;
}

/** For which visits and between which days these hours hold. */
export function SpanLimits({ span, types, may, onChange }: Props) {
  const all = (useTypes().data?.items ?? []).filter((kind) => types.includes(kind.id));
  return (
    <>
      <MultiSelect
        size="xs"
        label="Only for"
        placeholder={span.appointment_type_ids?.length ? undefined : "Every visit they give"}
        disabled={!may}
        comboboxProps={{ withinPortal: false }}
        data={all.map((kind) => ({ value: kind.id, label: kind.name }))}
        value={span.appointment_type_ids ?? []}
        onChange={(appointment_type_ids) => onChange({ appointment_type_ids })}
      />
      <SimpleGrid cols={2} mt="xs" spacing="xs">
        <TextInput
          type="date"
          size="xs"
          label="First day"
          disabled={!may}
          value={span.valid_from ?? ""}
          onChange={(event) => onChange({ valid_from: event.currentTarget.value || null })}
        />
        <TextInput
          type="date"
          size="xs"
          label="Last day"
          disabled={!may}
          value={span.valid_until ?? ""}
          onChange={(event) => onChange({ valid_until: event.currentTarget.value || null })}
        />
      </SimpleGrid>
    </>
  );
}
