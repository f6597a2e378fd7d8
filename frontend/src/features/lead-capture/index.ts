export { ArrivalCountBadge } from "./arrival-count-badge";
export { useHeldArrivals } from "./queries";
export { WebFormPanel } from "./web-form-panel";
