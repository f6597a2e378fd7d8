import type { FirstSlotsOut, SlotOut } from "./queries";

/** `Tue, Dec 1, 3:00 PM` at the clinic, wherever the desk is. */
export function at(slot: SlotOut): string {
  return new Date(slot.starts_at).toLocaleString("en-US", {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: slot.timezone,
  });
}

const WHY = {
  stat: "stat order",
  urgent: "urgent order",
  order: "as the order says",
  post_op: "after the operation",
};

/** What speaks for and against these times; empty when nothing does. */
export function reason({ in_window, as_said, said, window, slots }: FirstSlotsOut): string {
  if (slots.length === 0) return "Nothing is free in the next three weeks.";
  const parts: string[] = [];
  if (window.latest && window.why) {
    const day = new Date(`${window.latest}T12:00`).toLocaleDateString("en-US", {
      month: "short",
      day: "numeric",
    });
    parts.push(`${in_window ? "Due by" : "Nothing is free by"} ${day} (${WHY[window.why]}).`);
  }
  const words = said.join(" · ");
  if (words)
    parts.push(as_said ? `The patient said: ${words}.` : `Nothing is free as the patient said: ${words}.`);
  return parts.join(" ");
}
