import { useMutation, useQueryClient } from "@tanstack/react-query";
import { finishTaskMutation, snoozeTaskMutation } from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const RELATED = new Set(["listTasks", "countTasks", "getBoard", "listCards", "getLead"]);

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
    onSuccess: () => done("Done. The next step is planned."),
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
