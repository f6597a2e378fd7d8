import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  askMissingInfoMutation,
  cancelLetterMutation,
  getLetterRulesQueryKey,
  holdLetterMutation,
  sendLetterMutation,
  setLetterRulesMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LetterRulesOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const RELATED = new Set(["listLetters", "countLetters", "listLeadLetters", "getLead", "listTasks"]);

function useSettled(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: () => done(message),
    onError: failed,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: (query) => RELATED.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      }),
  };
}

export const useSend = () => useMutation({ ...sendLetterMutation(), ...useSettled("On its way") });
export const useHold = () => useMutation({ ...holdLetterMutation(), ...useSettled("Held for a look") });
export const useCancel = () =>
  useMutation({ ...cancelLetterMutation(), ...useSettled("It will not be sent") });
export const useAsk = () =>
  useMutation({ ...askMissingInfoMutation(), ...useSettled("Asked. It is on its way.") });

export function useSetRules() {
  const queries = useQueryClient();
  return useMutation({
    ...setLetterRulesMutation(),
    onSuccess: (rules: LetterRulesOut) => {
      queries.setQueryData(getLetterRulesQueryKey(), rules);
      done("Saved");
    },
    onError: failed,
  });
}
