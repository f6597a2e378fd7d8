export { InboxCountBadge } from "./inbox-count-badge";
export { LeadTexts } from "./lead-texts";
export { inboxSearch } from "./search";
