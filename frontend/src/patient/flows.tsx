import { type ComponentType, lazy } from "react";
import type { PatientPage } from "./api";
import type { FlowProps } from "./flow";

const visit = lazy(() => import("./visit/visit-flow"));

const FLOWS: Partial<Record<PatientPage["purpose"], ComponentType<FlowProps>>> = {
  intake: lazy(() => import("./intake/intake-flow")),
  schedule: visit,
  reschedule: visit,
  visit,
  upload: lazy(() => import("./upload/upload-flow")),
};

/** What a link of this purpose shows once its question is answered. */
export function flowOf(purpose: PatientPage["purpose"]): ComponentType<FlowProps> | undefined {
  return FLOWS[purpose];
}
