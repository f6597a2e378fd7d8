import { Button, Group, Menu, Modal } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { CalendarClock, ChevronDown, Clock } from "lucide-react";
import { useState } from "react";
import { clock } from "./wording";

interface Props {
  disabled: boolean;
  onPick: (sendAt: string) => void;
}

const HOUR = 3_600_000;

/** Quick times to send at: in an hour, tomorrow at nine. */
export function laterTimes(now = new Date()): { label: string; at: Date }[] {
  return [
    { label: "In an hour", at: new Date(now.getTime() + HOUR) },
    { label: "Tomorrow at 9:00", at: new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9) },
  ];
}

/** Send later: quick choices, or a date and time. The gate still holds it outside lawful hours. */
export function SendLater({ disabled, onPick }: Props) {
  const [picking, setPicking] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  const chosen = at ? new Date(at) : null;
  const past = chosen !== null && chosen <= new Date();
  return (
    <>
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <Button size="xs" px={7} disabled={disabled} aria-label="Send later">
            <ChevronDown size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {laterTimes().map(({ label, at: time }) => (
            <Menu.Item
              key={label}
              leftSection={<Clock size={15} />}
              rightSection={<span style={{ fontSize: 12 }}>{clock(time.toISOString())}</span>}
              onClick={() => onPick(time.toISOString())}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<CalendarClock size={15} />} onClick={() => setPicking(true)}>
            Pick a time…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={picking} onClose={() => setPicking(false)} title="Send later" centered size="sm">
        <DateTimePicker
          label="Date and time"
          placeholder="Pick a date and time"
          minDate={new Date()}
          firstDayOfWeek={0}
          valueFormat="ddd, MMM D, YYYY h:mm A"
          timePickerProps={{ format: "12h", withDropdown: true }}
          value={at}
          onChange={setAt}
          error={past ? "This time is over" : undefined}
          popoverProps={{ withinPortal: true }}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setPicking(false)}>
            Cancel
          </Button>
          <Button
            disabled={!chosen || past}
            onClick={() => {
              setPicking(false);
              if (chosen) onPick(chosen.toISOString());
            }}
          >
            Send then
          </Button>
        </Group>
      </Modal>
    </>
  );
}
