import { type ComponentType, lazy } from "react";
import type { PatientPage } from "./api";
import type { FlowProps } from "./flow";

const FLOWS: Partial<Record<PatientPage["purpose"], ComponentType<FlowProps>>> = {
  upload: lazy(() => import("./upload/upload-flow")),
};

/** What a link of this purpose shows once its question is answered. */
export function flowOf(purpose: PatientPage["purpose"]): ComponentType<FlowProps> | undefined {
  return FLOWS[purpose];
}
