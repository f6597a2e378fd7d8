import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  answerReferrerMessageMutation,
  settleReferrerMessageMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWN = new Set([
  "listReferrerMessages",
  "countReferrerMessages",
  "getReferrerTimeline",
  "listTimeline",
  "getLead",
  "listTasks",
  "countTasks",
  "listLetters",
  "listLeadLetters",
]);

function useSettled(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: () => done(message),
    onError: failed,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: (query) => SHOWN.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      }),
  };
}

export const useAnswer = () => useMutation({ ...answerReferrerMessageMutation(), ...useSettled("Answered") });
export const useSettle = () =>
  useMutation({ ...settleReferrerMessageMutation(), ...useSettled("Noted: no answer needed") });
