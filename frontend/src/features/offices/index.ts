export { officesSearch } from "./search";
