export { ReferrerLink } from "./referrer-link";
export { referrerSearch, referrersSearch } from "./search";
export { addReferrerTab, type ReferrerTab } from "./tabs";
