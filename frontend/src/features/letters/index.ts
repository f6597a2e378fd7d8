export { LeadLetters } from "./lead-letters";
export { LetterCountBadge } from "./letter-count-badge";
export { LetterSettings } from "./letter-settings";
export { ReferrerLetters } from "./referrer-letters";
export { type LettersSearch, lettersSearch } from "./search";
