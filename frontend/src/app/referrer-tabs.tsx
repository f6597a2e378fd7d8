import { ReferrerLetters } from "../features/letters";
import { ReferrerMessages } from "../features/referrer-messages";
import { addReferrerTab } from "../features/referrers";
import { ReferrerScorecard } from "../features/reports";

/** What other features show on a referrer's page. */
export function addReferrerTabs(): void {
  addReferrerTab({
    value: "letters",
    label: "Letters",
    permission: "letters:read",
    panel: ({ referrer }) => <ReferrerLetters referrerId={referrer.id} />,
  });
  addReferrerTab({
    value: "messages",
    label: "Messages",
    permission: "letters:read",
    panel: ({ referrer }) => <ReferrerMessages referrerId={referrer.id} />,
  });
  addReferrerTab({
    value: "scorecard",
    label: "Scorecard",
    permission: "reports:read",
    panel: ({ referrer }) => <ReferrerScorecard referrerId={referrer.id} />,
  });
}
