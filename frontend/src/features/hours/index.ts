export { HoursPanel } from "./hours-panel";
export { DAYS } from "./week";
