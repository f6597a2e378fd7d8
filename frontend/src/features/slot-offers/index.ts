export { LeadOffers } from "./lead-offers";
export { VisitTextsCard } from "./visit-texts-card";
