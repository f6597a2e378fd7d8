export { calendarSearch } from "./search";
