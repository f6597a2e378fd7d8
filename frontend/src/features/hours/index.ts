export { HoursPanel } from "./hours-panel";
