export { InsuranceSettings } from "./insurance-settings";
export { LeadInsurance } from "./lead-insurance";
