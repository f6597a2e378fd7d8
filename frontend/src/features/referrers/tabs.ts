import type { ComponentType } from "react";
import type { ReferrerProfile } from "./queries";

/** A tab of the referrer's page that another feature fills, for those who hold its permission. */
export interface ReferrerTab {
  value: string;
  label: string;
  permission: string;
  panel: ComponentType<{ referrer: ReferrerProfile }>;
}

const added: ReferrerTab[] = [];

/** Add a tab once, as the app begins. */
export function addReferrerTab(tab: ReferrerTab): void {
  if (!added.some((known) => known.value === tab.value)) added.push(tab);
}

export const referrerTabs = (): readonly ReferrerTab[] => added;
