import { moment } from "../../shared/lib/format";
import type { LinkOut } from "./queries";

export const PURPOSE: Record<LinkOut["purpose"], string> = {
  schedule: "Choose a time",
  reschedule: "Move the visit",
  intake: "Intake form",
  upload: "Send papers",
  visit: "Where to go",
  measure: "Questionnaire",
};

/** What is known of a link, newest fact first. */
export function fate(link: LinkOut): string {
  switch (link.state) {
    case "revoked":
      return `Closed ${moment(link.revoked_at ?? link.created_at)}`;
    case "used":
      return `Done ${moment(link.used_at ?? link.created_at)}`;
    case "locked":
      return "Locked: five wrong answers to its question";
    case "expired":
      return `Expired ${moment(link.expires_at)}`;
    case "waiting":
      return "Its text has not gone out";
    default:
      return `Works until ${moment(link.expires_at)}`;
  }
}

/** How far it came on its way to the patient. */
export function way(link: LinkOut): string {
  const steps = [
    link.sent_at && `sent ${moment(link.sent_at)}`,
    link.delivered_at && `arrived ${moment(link.delivered_at)}`,
    link.sent_at && (link.opened_at ? `first opened ${moment(link.opened_at)}` : "never opened"),
  ].filter(Boolean);
  const words = steps.join(" · ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Links that open something, or would once their text goes out; a used one goes on showing what it is about. */
export const closable = (link: LinkOut) =>
  link.state === "open" ||
  link.state === "waiting" ||
  (link.state === "used" && new Date(link.expires_at).getTime() > Date.now());
