import { type ComponentType, lazy } from "react";
import type { PatientPage } from "./api";
import type { FlowProps } from "./flow";

type Purpose = PatientPage["purpose"];
type Load = () => Promise<{ default: ComponentType<FlowProps> }>;

const visit: Load = () => import("./visit/visit-flow");
const LOADS: Partial<Record<Purpose, Load>> = {
  intake: () => import("./intake/intake-flow"),
  schedule: visit,
  reschedule: visit,
  visit,
  upload: () => import("./upload/upload-flow"),
  measure: () => import("./measure/measure-flow"),
};
const made: Partial<Record<Purpose, ComponentType<FlowProps>>> = {};

/** What a link of this purpose shows once its question is answered. */
export function flowOf(purpose: Purpose): ComponentType<FlowProps> | undefined {
  const load = LOADS[purpose];
  if (load && !made[purpose]) made[purpose] = lazy(load);
  return made[purpose];
}

/** Fetch its code while the patient answers. */
export function warm(purpose: Purpose): void {
  LOADS[purpose]?.().catch(() => undefined);
}
