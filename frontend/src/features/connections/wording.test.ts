import { expect, test } from "vitest";
import type { Hl7SenderOut, MailboxOut } from "./queries";
import { mailboxPlace, mailboxState, senderCounts, senderState } from "./wording";

const box = { active: true, looked_at: new Date().toISOString(), received: 1 } as MailboxOut;

test("a mailbox says how it stands", () => {
  expect(mailboxState(box)).toBe("Looked into just now, 1 e-mail taken in");
  expect(mailboxState({ ...box, looked_at: null })).toMatch("first time");
  expect(mailboxState({ ...box, active: false })).toBe("Closed");
});

test("a mailbox says how it is signed in to", () => {
  const where = { ...box, folder: "INBOX", host: "imap.gmail.com", port: 993, done_folder: "Frontdesk" };
  expect(mailboxPlace({ ...where, oauth: null })).toBe(
    "INBOX at imap.gmail.com:993, then moved to Frontdesk",
  );
  expect(mailboxPlace({ ...where, oauth: { provider: "google" } } as MailboxOut)).toMatch(
    "by Google Workspace",
  );
});

test("an interface says where it sends and what came", () => {
  const sender = {
    active: true,
    application: "",
    facility: "NS",
    listening_on: 2575,
    received: 0,
  } as Hl7SenderOut;
  expect(senderState(sender)).toBe("any application, NS, on port 2575");
  expect(senderState({ ...sender, listening_on: null })).toMatch("MLLP_PORT");
  expect(senderCounts({ ...sender, last_received_at: null })).toBe("No message yet");
  expect(senderCounts({ ...sender, received: 3, failed: 1, last_received_at: box.looked_at })).toMatch(
    "1 need",
  );
  expect(senderCounts({ ...sender, received: 3, unclear: 2, last_received_at: box.looked_at })).toMatch(
    "of 2 it is unclear",
  );
});
