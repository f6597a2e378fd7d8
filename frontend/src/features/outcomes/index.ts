export { EpisodeOutcomes, LeadOutcomes } from "./episode-outcomes";
export { OutcomeSettings } from "./outcome-settings";
