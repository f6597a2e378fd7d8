export { DischargeDialog } from "./discharge-dialog";
export { LeadCare } from "./lead-care";
export { type EpisodeOut, fetchActiveEpisode } from "./queries";
export { careSearch } from "./search";
