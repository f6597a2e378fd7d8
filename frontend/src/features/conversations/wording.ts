import { phone } from "../../shared/lib/format";
import type { ConversationOut, ListFilter, MessageOut, OpenConversation, VerdictOut } from "./queries";

type Reason = NonNullable<VerdictOut["reason"]>;

/** `9:00 AM`, `9:00 AM Tue`, `9:00 AM Tue, Dec 1`: the shortest that is clear. */
export function clock(at: string, now = new Date()): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
  if (date.toDateString() === now.toDateString()) return time;
  const day = date.toLocaleDateString("en-US", { weekday: "short" });
  if (Math.abs(date.getTime() - now.getTime()) < 6 * 86_400_000) return `${time} ${day}`;
  return `${time} ${day}, ${date.toLocaleDateString("en-US", { month: "short", day: "numeric" })}`;
}

const WAITS: Record<Reason, string> = {
  quiet_hours: "quiet hours",
  cap: "enough texts for now",
  send_later: "as planned",
  no_consent: "the patient has not agreed to texts",
  opted_out: "the patient opted out (STOP)",
  landline: "this number is a landline",
  bad_number: "this number does not exist or is not in service",
  wrong_person: "a stranger answered at this number",
  no_line: "the practice has no number for texts",
  line_paused: "the carrier refuses the practice's texts; see Settings, Phone lines",
};

/** What became of a message, in the desk's words. */
export function statusWords(message: MessageOut, now = new Date()): string {
  const because = message.reason ? WAITS[message.reason] : "";
  switch (message.status) {
    case "queued":
      return "Going out";
    case "held":
      if (message.reason === "no_consent") return "Held until the patient agrees to texts";
      if (!message.hold_until) return because ? `Waits: ${because}` : "Waits";
      return `Waits until ${clock(message.hold_until, now)}${because ? `: ${because}` : ", then tried again"}`;
    case "blocked":
      return `Not sent: ${because || "not allowed"}`;
    case "sending":
      return "Sending";
    case "sent":
      return "Sent";
    case "delivered":
      return "Delivered";
    case "undelivered":
      return "Not delivered";
    case "failed":
      return "Failed";
    case "canceled":
      return because ? `Taken back: ${because}` : "Taken back";
    case "unknown":
      return "Not sure it went out; asking the carrier";
    default:
      return "";
  }
}

/** What to do about a text that did not arrive (carrier codes: Twilio's). */
export function failureAdvice(code: string | null): string {
  switch (code) {
    case "21610":
      return "The patient opted out at the carrier. Call instead.";
    case "30003":
      return "The phone was off or out of reach. Call, or send it again later.";
    case "30005":
    case "21211":
    case "21614":
      return "This number cannot be reached. Check it with the patient or the referrer.";
    case "30006":
      return "A landline cannot take texts. Call instead.";
    case "30007":
      return "The carrier took it for spam. Write it in other words, without links.";
    case "30034":
    case "30032":
      return "The practice's number is not registered for texting. Tell the owner; call meanwhile.";
    default:
      return "Call the patient, or send it again.";
  }
}

export const FAILED = new Set<MessageOut["status"]>(["failed", "undelivered", "blocked"]);
export const CANCELABLE = new Set<MessageOut["status"]>(["queued", "held"]);

export interface Outlook {
  tone: "go" | "wait" | "stop";
  title: string;
  detail: string;
  send: string;
}

/** What the gate says about the next text, before a word is typed. */
export function outlook(
  verdict: VerdictOut,
  consent: OpenConversation["consent"],
  now = new Date(),
): Outlook {
  const until = verdict.until ? clock(verdict.until, now) : null;
  if (verdict.warning === "line_paused") {
    const detail = "The carrier refuses our texts at present (see Settings, Phone lines). Better call.";
    return { tone: "wait", title: "This text may not arrive", detail, send: "Try it all the same" };
  }
  if (verdict.action === "send") return { tone: "go", title: "Goes out at once", detail: "", send: "Send" };
  if (verdict.action === "block") {
    const [title, detail] = BLOCKED[verdict.reason ?? "no_line"] ?? ["Texts cannot be sent", ""];
    return { tone: "stop", title, detail, send: "Send" };
  }
  if (verdict.reason === "no_consent") {
    return {
      tone: "wait",
      title: "Held until the patient agrees to texts",
      detail:
        consent === "asked"
          ? "We asked by text; a YES lets everything held go out."
          : "Nobody has asked yet. Ask by text, or note what the patient said.",
      send: "Hold it",
    };
  }
  const why = WAITS[verdict.reason ?? "send_later"];
  return {
    tone: "wait",
    title: until ? `Waits until ${until}: ${why}` : `Waits: ${why}`,
    detail: "",
    send: until ? `Send at ${until}` : "Send later",
  };
}

const BLOCKED: Partial<Record<Reason, [string, string]>> = {
  opted_out: [
    "The patient opted out (STOP)",
    "Nothing is texted to this number. Call instead; if they want texts again, they text START or tell you.",
  ],
  wrong_person: [
    "A stranger answered at this number",
    "Find the right number, or call. If it is the patient after all, note their consent.",
  ],
  bad_number: ["This number is not in service", "Check the number with the referrer, or call another one."],
  landline: ["This number is a landline", "It cannot take texts. Call, or add the patient's mobile number."],
  no_line: ["The practice has no number for texts", "The owner adds one under Settings. Call meanwhile."],
};

/** Who is at the other end, in one line. */
export function nameOf(conversation: Pick<ConversationOut, "people" | "phone">): string {
  const names = conversation.people.map((person) => person.display_name);
  return names.length === 0 ? phone(conversation.phone) || "Unknown number" : names.join(", ");
}

/** The same in a list, where strangers are told apart by their numbers. */
export function rowName(conversation: Pick<ConversationOut, "people" | "phone">): string {
  const name = nameOf(conversation);
  return name === "Unknown Caller" ? phone(conversation.phone) : name;
}

export const METHODS: Record<string, string> = {
  sms: "by text",
  verbal: "on the phone or at the desk",
  form: "on a form",
  paper: "on paper",
  api: "from another system",
  given_number: "gave us the number",
};

export const FILTERS: [ListFilter, string, string][] = [
  ["waiting", "Waiting", "Nobody waits for an answer. New texts appear here by themselves."],
  ["mine", "Mine", "Nothing is assigned to you or your teams."],
  ["unassigned", "Unassigned", "Every conversation has an owner."],
  ["undeliverable", "Undeliverable", "Every text arrived."],
  ["mentioned", "Mentions", "No note names you."],
  ["all", "All", "No texts yet. Open a lead to write the first one."],
];

/** `Today`, `Yesterday`, `Tue, Nov 24`. */
export function dayName(at: string, now = new Date()): string {
  const date = new Date(at);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString("en-US", { weekday: "short", month: "short", day: "numeric", year });
}

/** The next moment at a local time of day (`17:00`): today if it is still to come, else tomorrow. */
export function nextAt(time: string, now = new Date()): Date {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour, minute);
  return today > now ? today : new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour, minute);
}
