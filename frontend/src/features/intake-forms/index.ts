export { LeadIntake } from "./lead-intake";
