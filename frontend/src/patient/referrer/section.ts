import type { ReferrerPageOut } from "../../api/generated";

/** What every section gets. `onFailed`: the page may not go on (its session is over, the link is dead). */
export interface SectionProps {
  page: ReferrerPageOut;
  onFailed: (error: unknown) => void;
}
