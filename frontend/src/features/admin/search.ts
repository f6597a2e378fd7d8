/** Which part of the settings the address shows. */
export interface SettingsSearch {
  tab?: string;
  item?: string;
}

/** Keep what we know, drop the rest. */
export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  return {
    tab: typeof search.tab === "string" && /^[a-z0-9-]{1,30}$/.test(search.tab) ? search.tab : undefined,
    item: typeof search.item === "string" && /^[0-9a-f-]{36}$/.test(search.item) ? search.item : undefined,
  };
}
