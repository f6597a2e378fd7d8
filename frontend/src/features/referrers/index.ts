export { type HearChoice, HearFields, USUAL } from "./hear-fields";
export { MergedRows } from "./merged-rows";
export { PairRow } from "./pair-row";
export { ReferrerLink } from "./referrer-link";
export { referrerSearch, referrersSearch } from "./search";
export { addReferrerTab, type ReferrerTab } from "./tabs";
export { fullName, HEAR_BY, HEAR_OF, STATUS, wrongFields } from "./wording";
