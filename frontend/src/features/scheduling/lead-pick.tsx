import { Combobox, InputBase, Loader, Text, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Search } from "lucide-react";
import { useState } from "react";
import { day } from "../../shared/lib/format";
import { useFoundLeads } from "./queries";

export interface Person {
  leadId: string;
  name: string;
}

interface Props {
  chosen: Person | null;
  onChange: (person: Person | null) => void;
}

/** Whose visit it is: any lead, found by name, phone or date of birth. */
export function LeadPick({ chosen, onChange }: Props) {
  const [text, setText] = useState(chosen?.name ?? "");
  const [q] = useDebouncedValue(text, 150);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const looking = !chosen && q.trim().length >= 2;
  const found = useFoundLeads(looking ? q : "");
  const items = looking ? (found.data?.items ?? []) : [];
  return (
    <Combobox
      store={box}
      withinPortal
      onOptionSubmit={(leadId) => {
        const item = items.find((one) => one.lead_id === leadId);
        if (!item) return;
        onChange({ leadId, name: item.patient_display_name });
        setText(item.patient_display_name);
        box.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          label="Patient"
          required
          data-autofocus
          placeholder="Name, phone or date of birth"
          leftSection={found.isFetching ? <Loader size={14} /> : <Search size={15} />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            if (chosen) onChange(null);
            box.openDropdown();
            box.selectFirstOption();
          }}
          onFocus={() => !chosen && box.openDropdown()}
          onBlur={() => box.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!looking}>
        <Combobox.Options aria-label="Patients" mah={260} style={{ overflowY: "auto" }}>
          {items.length === 0 && !found.isFetching && (
            <Combobox.Empty>Nobody found. A new patient is entered with “New lead” first.</Combobox.Empty>
          )}
          {items.map((item) => (
            <Combobox.Option key={item.lead_id} value={item.lead_id}>
              <Text size="sm" fw={600}>
                {item.patient_display_name}
              </Text>
              <Text size="xs" c="dimmed">
                {[day(item.dob), item.stage_name, item.headline].filter(Boolean).join(" · ")}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
