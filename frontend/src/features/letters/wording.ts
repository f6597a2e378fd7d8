import { moment, phone, words } from "../../shared/lib/format";
import type { LetterOut, SendingOut } from "./queries";

export const KINDS: Record<LetterOut["kind"], string> = {
  received: "Referral received",
  contacted: "Patient contacted",
  unreachable: "Patient cannot be reached",
  scheduled: "First visit scheduled",
  seen: "Patient was seen",
  plan_of_care: "Plan of care to sign",
  progress: "Progress",
  discharge: "Discharge with results",
  missing_info: "What is missing",
  scorecard: "Scorecard",
  answer: "Answer to a message",
};

export const STATES: Record<LetterOut["state"], { label: string; color: string }> = {
  waiting: { label: "Waiting", color: "blue" },
  review: { label: "To review", color: "orange" },
  sending: { label: "On its way", color: "blue" },
  unknown: { label: "Being looked up", color: "orange" },
  sent: { label: "Arrived", color: "teal" },
  failed: { label: "Not sent", color: "red" },
  canceled: { label: "Canceled", color: "gray" },
  not_sent: { label: "Not written", color: "gray" },
  joined: { label: "Sent together", color: "gray" },
};

const REASONS: Record<string, string> = {
  off: "Your practice does not write this letter.",
  prefers_none: "This referrer wishes not to be written to.",
  prefers_portal: "This referrer looks in the portal instead.",
  prefers_less: "This referrer does not want to hear of this.",
  before_letters: "The referral is older than letters here.",
  no_longer_true: "What it was to say is no longer so.",
  no_fax_number: "The referrer has no fax number. Add it, then send again.",
  no_email: "The referrer has no e-mail address. Add it, then send again.",
  no_fax_line: "The practice has no fax line to send with. Add one in the settings.",
  no_mail_server: "No mail server is set up. Ask who runs Frontdesk.",
  no_such_address: "The e-mail address does not exist.",
  busy: "The line was busy.",
  no_answer: "Nobody answered.",
  congestion: "The network was busy.",
  bad_number: "The number does not exist or takes no faxes.",
  blocked: "The carrier does not call this number.",
  declined: "The call was declined.",
  document: "The carrier could not read the page.",
  unauthorized: "The carrier does not accept our credentials.",
  provider_away: "The carrier could not be reached.",
  never_left: "The carrier knows nothing of it: it never left.",
  no_connection_id: "The fax line lacks its connection id for sending.",
  no_sender_email: "The fax line lacks its sender e-mail for sending.",
};

/** The letter's name: what it says, the newest first. */
export function titleOf(letter: Pick<LetterOut, "says" | "kind">): string {
  const said = letter.says.length > 0 ? letter.says : [letter.kind];
  return said.map((kind, at) => (at === 0 ? KINDS[kind] : KINDS[kind].toLowerCase())).join(", ");
}

/** Why it has not gone, in a sentence; nothing where there is none. */
export function reasonOf(letter: Pick<LetterOut, "state" | "reason" | "due_at" | "sendings">): string | null {
  if (letter.state === "unknown")
    return "The carrier's answer never came. Its books are being asked; nothing goes twice.";
  if (letter.state === "waiting") {
    const again = letter.reason ? `${sentence(letter.reason)} It goes again` : "Goes";
    return `${again} ${moment(letter.due_at)}.`;
  }
  if (letter.state === "failed" && mayHaveArrived(letter)) {
    return `${sentence(letter.reason ?? "")} Part of it may have arrived: ask the office before sending it again.`;
  }
  return letter.reason ? sentence(letter.reason) : null;
}

function sentence(code: string): string {
  return REASONS[code] ?? (code ? `The carrier says: ${words(code).toLowerCase()}.` : "");
}

/** Whether the last attempt may have reached the other machine. */
export function mayHaveArrived(letter: Pick<LetterOut, "sendings">): boolean {
  const reached = letter.sendings[0]?.reached;
  return reached === "data_exchanged" || reached === "unknown";
}

/** The proof of an attempt, as one would read it out. */
export function proofOf(sending: SendingOut): string {
  const to = sending.way === "fax" ? phone(sending.to_address) : sending.to_address;
  const at = moment(sending.finished_at ?? sending.started_at);
  if (sending.state === "failed") return `${at} to ${to}: ${sentence(sending.code ?? "failed")}`;
  if (sending.state !== "delivered") return `${at} to ${to}: on its way`;
  if (sending.way === "email") return `${at} taken by the mail server of ${to}`;
  const pages = sending.pages ?? sending.page_count;
  const station = sending.remote_station ? `, answered by “${sending.remote_station}”` : "";
  return `${at} to ${to}: ${pages} ${pages === 1 ? "page" : "pages"} received${station}`;
}
