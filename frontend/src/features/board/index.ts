export { boardSearch } from "./search";
