export { Hl7Panel } from "./hl7-panel";
export { MailPanel } from "./mail-panel";
