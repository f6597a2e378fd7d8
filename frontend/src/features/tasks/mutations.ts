import { useMutation, useQueryClient } from "@tanstack/react-query";
import { finishTaskMutation, snoozeTaskMutation } from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const RELATED = new Set([
  "listTasks",
  "countTasks",
  "getBoard",
  "listCards",
  "getLead",
  "listTimeline",
  "getLeadSequence",
]);

function useFresh() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => RELATED.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

export function useFinish() {
  const fresh = useFresh();
  return useMutation({
    ...finishTaskMutation(),
    onSuccess: (task) => done(task.lead_id ? "Done. The next step is planned." : "Done"),
    onError: failed,
    onSettled: fresh,
  });
}

export function useSnooze() {
  const fresh = useFresh();
  return useMutation({
    ...snoozeTaskMutation(),
    onSuccess: () => done("Put off"),
    onError: failed,
    onSettled: fresh,
  });
}
