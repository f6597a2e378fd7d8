export { FormsSettings } from "./forms-settings";
export { LeadIntake } from "./lead-intake";
