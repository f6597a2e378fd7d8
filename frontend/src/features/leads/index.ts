export { LeadDrawer } from "./lead-drawer";
export { LostReason } from "./lost-reason";
export { NewLeadButton } from "./new-lead";
export { SearchBox } from "./search-box";
