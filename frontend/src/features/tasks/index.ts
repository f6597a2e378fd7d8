export { BreachAlerts } from "./breach-alerts";
export { EpisodeTasks } from "./episode-tasks";
export { TaskCountBadge } from "./task-count-badge";
export { TaskLines } from "./task-lines";
