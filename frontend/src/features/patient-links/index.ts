export { LeadLinks } from "./lead-links";
