import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { phone } from "../../shared/lib/format";
import { type OfficeOut, useOffices } from "./queries";

interface Props {
  office: OfficeOut | null | undefined;
  value: string | null;
  onChange: (officeId: string | null) => void;
}

/** Which of the known offices they work in. */
export function OfficePick({ office, value, onChange }: Props) {
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, 250);
  const found = useOffices(asked === office?.name ? "" : asked).data?.items ?? [];
  const known = office && !found.some(({ id }) => id === office.id) ? [office, ...found] : found;
  return (
    <Select
      label="Office"
      searchable
      clearable
      placeholder="None known"
      nothingFoundMessage="No office of this name"
      data={known.map((one) => ({ value: one.id, label: said(one) }))}
      filter={({ options }) => options}
      value={value}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  );
}

const said = (office: OfficeOut) => [office.name, phone(office.fax)].filter(Boolean).join(", ");
