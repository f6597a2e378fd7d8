import type { View } from "./queries";

/** What the address of the letters page holds. */
export interface LettersSearch {
  tab?: View;
}

const VIEWS: View[] = ["review", "failed", "waiting", "sent", "answered", "all"];

export function lettersSearch(search: Record<string, unknown>): LettersSearch {
  return { tab: VIEWS.find((view) => view === search.tab) };
}
