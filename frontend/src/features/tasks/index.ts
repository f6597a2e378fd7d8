export { BreachAlerts } from "./breach-alerts";
export { TaskCountBadge } from "./task-count-badge";
