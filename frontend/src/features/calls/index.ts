export { CallItem } from "./call-item";
export { CallMenuSection, LogCallMenu } from "./call-outcomes";
export { LeadCalls } from "./lead-calls";
export { type CallOutcome, OUTCOMES } from "./outcomes";
export type { CallOut } from "./queries";
