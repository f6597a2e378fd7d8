import type { DeskAnswerOut } from "./queries";

/** How whoever wrote hears of the answer. */
export function told({ told: state, way, reason }: Pick<DeskAnswerOut, "told" | "way" | "reason">): string {
  if (state === "sent") return way === "email" ? "told by e-mail" : "faxed to them";
  if (state === "waiting" || state === "sending" || state === "unknown") return "being sent to them";
  if (state === "failed") return "could not be sent; they see it on their page";
  if (reason === "prefers_none") return "they wish no letters; they see it on their page";
  return "they see it on their page";
}
