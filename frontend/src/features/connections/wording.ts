import { ago } from "../../shared/lib/format";
import type { Hl7SenderOut, MailboxOut } from "./queries";

const BY = { google: "Google Workspace", microsoft: "Microsoft 365", other: "a token" };

/** Where a mailbox is read and how it is signed in to. */
export function mailboxPlace(box: MailboxOut): string {
  const by = box.oauth ? `, by ${BY[box.oauth.provider]}` : "";
  return `${box.folder} at ${box.host}:${box.port}${by}, then moved to ${box.done_folder}`;
}

/** How a mailbox stands, in one line. */
export function mailboxState(box: MailboxOut): string {
  if (!box.active) return "Closed";
  if (!box.looked_at) return "Being looked into for the first time";
  const mails = `${box.received.toLocaleString("en-US")} ${box.received === 1 ? "e-mail" : "e-mails"} taken in`;
  return `Looked into ${ago(box.looked_at)}, ${mails}`;
}

/** What an interface calls itself, and where it sends to. */
export function senderState(sender: Hl7SenderOut): string {
  if (!sender.active) return "Closed";
  const names = [sender.application || "any application", sender.facility || "any facility"].join(", ");
  return sender.listening_on
    ? `${names}, on port ${sender.listening_on}`
    : `${names}. Not listened to: whoever runs this installation sets MLLP_PORT`;
}

export function senderCounts(sender: Hl7SenderOut): string {
  if (!sender.last_received_at) return "No message yet";
  const said = `${sender.received.toLocaleString("en-US")} messages, the last ${ago(sender.last_received_at)}`;
  const wrong = sender.failed ? `; ${sender.failed} need a look under Provider events` : "";
  return `${said}${wrong}${sender.unclear ? `; of ${sender.unclear} it is unclear whose they are` : ""}`;
}
