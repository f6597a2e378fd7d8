export { fullName } from "./compare";
export { DuplicateBanner } from "./duplicate-banner";
export { type DuplicateOut, type SomebodyIn, usePeopleLike } from "./queries";
