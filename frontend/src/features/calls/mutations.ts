import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getLeadQueryKey, logCallMutation } from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";
import { OUTCOMES } from "./outcomes";

const RELATED = new Set([
  "getBoard",
  "listCards",
  "listTasks",
  "listTimeline",
  "listLeadCalls",
  "listConversations",
  "countConversations",
  "getConversation",
  "listMessages",
]);

/** Note how a call went; everything that shows the lead, its tasks or its thread is fetched again. */
export function useLogCallOutcome() {
  const queries = useQueryClient();
  return useMutation({
    ...logCallMutation(),
    onSuccess: (lead, { body }) => {
      queries.setQueryData(getLeadQueryKey({ path: { lead_id: lead.id } }), lead);
      queries.invalidateQueries({
        predicate: (query) => RELATED.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      });
      const { label } = OUTCOMES.find((known) => known.outcome === body.outcome) ?? { label: body.outcome };
      done(`Call logged: ${label.toLowerCase()}`);
    },
    onError: failed,
  });
}
