export { LeadCare } from "./lead-care";
export { careSearch } from "./search";
