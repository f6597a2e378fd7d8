export { SchedulingSettings } from "./scheduling-settings";
