import { ReferrerLetters } from "../features/letters";
import { addReferrerTab } from "../features/referrers";

/** What other features show on a referrer's page. */
export function addReferrerTabs(): void {
  addReferrerTab({
    value: "letters",
    label: "Letters",
    permission: "letters:read",
    panel: ({ referrer }) => <ReferrerLetters referrerId={referrer.id} />,
  });
}
