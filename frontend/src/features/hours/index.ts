export { HoursPanel } from "./hours-panel";
export { DAYS, problemOf, type Span, spanAfter } from "./week";
