import { Combobox, Loader, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { day } from "../../shared/lib/format";
import { useSearchLeads } from "./queries";

/** Find any lead from anywhere: `/` jumps here. */
export function SearchBox() {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text, 150);
  const input = useRef<HTMLInputElement>(null);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const found = useSearchLeads(q);
  const navigate = useNavigate();
  useHotkeys([["/", () => input.current?.focus()]]);
  const items = q.trim().length >= 2 ? (found.data?.items ?? []) : [];
  const choose = (lead: string) => {
    setText("");
    box.closeDropdown();
    navigate({ to: "/board", search: { lead } });
  };
  return (
    <Combobox store={box} onOptionSubmit={choose} width={340} position="bottom-end">
      <Combobox.Target>
        <TextInput
          ref={input}
          size="sm"
          aria-label="Find a patient"
          placeholder="Find a patient  /"
          leftSection={found.isFetching && text ? <Loader size={14} /> : <Search size={15} />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            box.openDropdown();
            box.selectFirstOption();
          }}
          onFocus={() => box.openDropdown()}
          onBlur={() => box.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={q.trim().length < 2}>
        <Combobox.Options aria-label="Leads">
          {items.length === 0 && !found.isFetching && (
            <Combobox.Empty>Nobody found. Try a last name, a phone number or a date of birth.</Combobox.Empty>
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
