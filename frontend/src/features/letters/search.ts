import type { View } from "./queries";

export type LettersTab = View | "messages";

/** What the address of the letters page holds. */
export interface LettersSearch {
  tab?: LettersTab;
}

const TABS: LettersTab[] = ["review", "failed", "waiting", "sent", "answered", "all", "messages"];

export function lettersSearch(search: Record<string, unknown>): LettersSearch {
  return { tab: TABS.find((view) => view === search.tab) };
}
