import { type ApiProblem, problemOf } from "../../api/problem";
import type { AppointmentOut, SlotOut } from "./queries";

type Status = AppointmentOut["status"];

export const STATUS: Record<Status, { label: string; color: string }> = {
  held: { label: "Held", color: "gray" },
  booked: { label: "Booked", color: "blue" },
  confirmed: { label: "Confirmed", color: "teal" },
  checked_in: { label: "Arrived", color: "green" },
  no_show: { label: "No-show", color: "red" },
  canceled: { label: "Canceled", color: "gray" },
};

/** Still to come, or without an outcome yet. */
export const isOpen = (item: { status: Status }) => item.status === "booked" || item.status === "confirmed";

const REASONS: Record<string, string> = {
  taken: "Somebody else has this time",
  no_room: "No room is free",
  blocked: "The time is blocked",
  outside_hours: "Outside the clinician's hours",
  rule: "A booking rule allows no more of these",
  not_given: "The clinician does not give this type here",
  past: "The time is over",
  off_grid: "Times begin on whole five minutes",
  not_offered: "This time is not offered to patients",
};

export interface Conflict {
  message: string;
  why: string[];
  slots: SlotOut[];
  /** Somebody may insist. */
  overridable: boolean;
  appointmentId: string | null;
}

/** What stands against a time, if that is what went wrong. */
export function conflictOf(error: unknown): Conflict | null {
  const problem: ApiProblem = problemOf(error);
  const kind = problem.type.split("/").at(-1) ?? "";
  if (kind === "evaluation-booked")
    return {
      message: problem.message,
      why: [],
      slots: [],
      overridable: false,
      appointmentId: String(problem.body.appointment_id),
    };
  if (kind !== "slot-taken" && kind !== "slot-unavailable") return null;
  const codes = kind === "slot-taken" ? ["taken"] : ((problem.body.reasons as string[] | undefined) ?? []);
  return {
    message: kind === "slot-taken" ? "Somebody else has this time." : "This time is not open for booking.",
    why: codes.filter((code) => code !== "taken").map((code) => REASONS[code] ?? code),
    slots: (problem.body.next_slots as SlotOut[] | undefined) ?? [],
    overridable: !codes.some((code) => code === "off_grid" || code === "not_given"),
    appointmentId: null,
  };
}
