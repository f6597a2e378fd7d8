import { moment } from "../../shared/lib/format";
import type { IntakeOut, TextOut } from "./queries";

const WAITS: Record<string, string> = {
  quiet_hours: "quiet hours",
  cap: "enough texts for now",
  no_consent: "the patient has not agreed to texts",
  opted_out: "the patient opted out (STOP)",
  landline: "this number is a landline",
  bad_number: "this number does not exist",
  wrong_person: "a stranger answered at this number",
  no_line: "the practice has no number for texts",
  line_paused: "the carrier refuses the practice's texts",
};
const STATES: Record<string, string> = {
  queued: "text going out",
  sending: "text going out",
  unknown: "text going out",
  sent: "text sent",
  delivered: "text delivered",
  undelivered: "text not delivered",
  failed: "text failed",
  canceled: "text taken back",
};
/** What never reached the patient does not count as one of the two texts. */
const NOTHING = ["blocked", "canceled", "failed", "undelivered"];

/** What became of a text about the form. */
export function textWords(text: TextOut): string {
  const why = text.reason ? (WAITS[text.reason] ?? "") : "";
  if (text.status === "blocked") return `text not sent: ${why || "not allowed"}`;
  if (text.status === "held") {
    const until = text.send_at ? ` until ${moment(text.send_at)}` : "";
    return `text waits${until}${why ? `: ${why}` : ""}`;
  }
  return STATES[text.status] ?? text.status;
}

/** How far the patient is, in one sentence. */
export function stateWords(intake: IntakeOut): string {
  switch (intake.state) {
    case "prepared":
      return intake.welcome ? `Not there yet: ${textWords(intake.welcome)}` : "Ready, not given yet";
    case "sent":
      return `Sent ${at(intake.sent_at)}, not opened yet`;
    case "started":
      return `Begun ${at(intake.started_at)}, last saved ${at(intake.saved_at ?? intake.started_at)}`;
    case "submitted":
      return `Handed in ${at(intake.submitted_at)}`;
    case "canceled":
      return "Taken back";
  }
}

function at(moment_: string | null): string {
  return moment_ ? moment(moment_) : "";
}

/** Whether one more text about it may go out: a welcome and one reminder are enough. */
export function mayText(intake: IntakeOut): boolean {
  const counts = (text: TextOut | null) => text !== null && !NOTHING.includes(text.status);
  return !(counts(intake.welcome) && counts(intake.reminder));
}
