export { ReferrerScorecard } from "./referrer-scorecard";
export { ReportCountBadge } from "./report-count-badge";
export { reportsSearch } from "./search";
