import { day as dayText } from "../../shared/lib/format";

export const PRIORITIES = ["Usual", "Soon", "Urgent", "First of all"];
export const DAYS = [
  { value: "any", label: "Any day" },
  { value: "mon", label: "Mondays" },
  { value: "tue", label: "Tuesdays" },
  { value: "wed", label: "Wednesdays" },
  { value: "thu", label: "Thursdays" },
  { value: "fri", label: "Fridays" },
  { value: "sat", label: "Saturdays" },
  { value: "sun", label: "Sundays" },
];

export interface Window {
  day: string;
  start: string;
  end: string;
}

/** `13:00` → `1 PM`. */
export function clock(value: string): string {
  const [hour = 0, minute = 0] = value.split(":").map(Number);
  const of12 = hour % 12 || 12;
  return `${of12}${minute ? `:${String(minute).padStart(2, "0")}` : ""} ${hour < 12 ? "AM" : "PM"}`;
}

/** `Mondays 1 PM–6 PM, any day 8 AM–10 AM`. */
export function windowsText(windows: Window[]): string {
  if (windows.length === 0) return "any time";
  return windows
    .map(({ day, start, end }) => {
      const name = DAYS.find((known) => known.value === day)?.label ?? dayText(day);
      return `${name === "Any day" ? "any day" : name} ${clock(start)}–${clock(end)}`;
    })
    .join(", ");
}
