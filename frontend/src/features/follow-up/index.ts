export { FollowUpSettings } from "./follow-up-settings";
export { LeadEvaluation } from "./lead-evaluation";
export { LeadFollowUp } from "./lead-follow-up";
