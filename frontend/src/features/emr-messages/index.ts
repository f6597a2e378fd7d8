export { UnclearNotice } from "./unclear-notice";
