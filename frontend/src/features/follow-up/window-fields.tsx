import { ActionIcon, Button, Group, NumberInput, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { FollowupRulesIn } from "./queries";

type Windows = NonNullable<FollowupRulesIn["text_windows"]>;

interface Props {
  windows: Windows;
  disabled: boolean;
  onChange: (windows: Windows) => void;
}

/** Times of the clinic's day with their own number of texts. */
export function WindowFields({ windows, disabled, onChange }: Props) {
  const set = (index: number, change: Partial<Windows[number]>) =>
    onChange(windows.map((window, place) => (place === index ? { ...window, ...change } : window)));
  return (
    <div>
      {windows.map((window, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are edited in place and only removed by their button
        <Group key={index} gap="sm" mt="sm" align="flex-end">
          <TextInput
            type="time"
            label="From"
            required
            disabled={disabled}
            value={window.opens.slice(0, 5)}
            onChange={(event) => set(index, { opens: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="To"
            required
            disabled={disabled}
            value={window.closes.slice(0, 5)}
            onChange={(event) => set(index, { closes: event.currentTarget.value })}
          />
          <NumberInput
            label="Texts an hour"
            placeholder="no limit"
            w={130}
            min={0}
            max={1000}
            allowDecimal={false}
            disabled={disabled}
            value={window.per_hour ?? ""}
            onChange={(value) => set(index, { per_hour: value === "" ? null : Number(value) })}
          />
          {!disabled && (
            <ActionIcon
              variant="subtle"
              color="red"
              mb={4}
              aria-label={`Remove the time of day ${index + 1}`}
              onClick={() => onChange(windows.filter((_, place) => place !== index))}
            >
              <X size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!disabled && windows.length < 12 && (
        <Button
          mt="sm"
          size="xs"
          variant="light"
          leftSection={<Plus size={14} />}
          onClick={() => onChange([...windows, { opens: "12:00", closes: "13:00", per_hour: 0 }])}
        >
          Another number at a time of day
        </Button>
      )}
    </div>
  );
}
