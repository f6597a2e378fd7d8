import { Group, Text } from "@mantine/core";
import { Timer } from "lucide-react";
import type { LeadOut } from "./queries";

/** `35 min`, `2 h 10 min`, `3 d 4 h`. */
export function long(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/** How soon the patient was tried, and reached: working time against the promise, wall time beside it. */
export function LeadClock({ clocks }: { clocks: LeadOut["clocks"] }) {
  const { attempt, contact, state, target_minutes: target } = clocks;
  const late = state === "breached";
  const tried = clocks.stopped_at ? "First attempt after" : "Nobody tried for";
  const parts = [
    `${tried} ${long(attempt.business_minutes)} of working time (${long(attempt.wall_minutes)} in all)`,
    late ? `promised within ${long(target)}` : null,
    clocks.first_contact_at ? `reached after ${long(contact.wall_minutes)}` : "not reached yet",
  ];
  return (
    <Group gap={6} mt={6} wrap="nowrap" align="flex-start" c={late ? "#991b1b" : "dimmed"}>
      <Timer size={14} aria-hidden style={{ marginTop: 3, flex: "none" }} />
      <Text size="sm" component="span">
        {late ? "Late: " : ""}
        {parts.filter(Boolean).join(" · ")}
      </Text>
    </Group>
  );
}
