import type { PatientPage } from "./api";

/** What every flow gets. `onFailed`: the page can not go on (its session is over, the link is dead). */
export interface FlowProps {
  page: PatientPage;
  onFailed: (error: unknown) => void;
}
