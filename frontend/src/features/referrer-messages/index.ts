export { LeadMessages, ReferrerMessages, WaitingMessages } from "./office-messages";
export { useWaitingMessages } from "./queries";
