export { ConsentHistory, proof } from "./consent-history";
export { LinesTab } from "./lines-tab";
export { PausedBanner } from "./paused-banner";
export { PolicyTab } from "./policy-tab";
export { TextsTab } from "./texts-tab";
