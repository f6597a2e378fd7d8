export { FaxCountBadge } from "./fax-count-badge";
export { faxesSearch } from "./search";
