import { MultiSelect, SimpleGrid, TagsInput } from "@mantine/core";
import type { Conditions } from "./queries";
import { useClinics } from "./queries";

const SOURCES = [
  { value: "fax", label: "Fax" },
  { value: "web_form", label: "Web form" },
  { value: "phone", label: "Phone" },
  { value: "walk_in", label: "Walked in" },
  { value: "text", label: "Text" },
  { value: "email", label: "E-mail" },
  { value: "api", label: "Partner" },
];
const URGENCIES = [
  { value: "stat", label: "Stat" },
  { value: "urgent", label: "Urgent" },
  { value: "routine", label: "Routine" },
];

interface Props {
  conditions: Required<Conditions>;
  onChange: (conditions: Required<Conditions>) => void;
}

/** Which leads the sequence is for; an empty field means any. */
export function ConditionFields({ conditions, onChange }: Props) {
  const clinics = useClinics();
  const set = (name: keyof Conditions) => (value: string[]) => onChange({ ...conditions, [name]: value });
  const any = (values: unknown[]) => (values.length === 0 ? "Any" : undefined);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <MultiSelect
        label="Came by"
        placeholder={any(conditions.sources)}
        data={SOURCES}
        value={conditions.sources}
        onChange={set("sources")}
      />
      <MultiSelect
        label="Clinic"
        placeholder={any(conditions.location_ids)}
        data={(clinics.data?.items ?? []).map((clinic) => ({ value: clinic.id, label: clinic.name }))}
        value={conditions.location_ids}
        onChange={set("location_ids")}
        searchable
      />
      <MultiSelect
        label="Urgency"
        placeholder={any(conditions.urgencies)}
        data={URGENCIES}
        value={conditions.urgencies}
        onChange={set("urgencies")}
      />
      <TagsInput
        label="Payer"
        description="A word of the payer’s name, then Enter"
        inputWrapperOrder={["label", "input", "description"]}
        placeholder={any(conditions.payers)}
        maxTags={50}
        value={conditions.payers}
        onChange={set("payers")}
      />
    </SimpleGrid>
  );
}
