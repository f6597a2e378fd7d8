/** How a call by hand may have gone, in the order of likelihood. */
export const OUTCOMES = [
  { outcome: "reached", label: "Reached" },
  { outcome: "left_message", label: "Left a message" },
  { outcome: "no_answer", label: "No answer" },
  { outcome: "wrong_number", label: "Wrong number" },
] as const;

export type CallOutcome = (typeof OUTCOMES)[number]["outcome"];

/** `0:42`, `12:05`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
