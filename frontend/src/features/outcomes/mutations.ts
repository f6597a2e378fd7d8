import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  askForOutcomesAgainMutation,
  askForOutcomesMutation,
  cancelOutcomeRequestMutation,
  correctOutcomeScoreMutation,
  createOutcomeScoreMutation,
  deleteOutcomeWordingMutation,
  getOutcomeSettingsQueryKey,
  putOutcomeWordingMutation,
  takeBackOutcomeScoreMutation,
  tryOutcomeScoreMutation,
  updateOutcomeSettingsMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

/** Load what shows outcomes again. */
export function useFreshOutcomes() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) =>
        ["getOutcomes", "getLeadOutcomes"].includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

function useChanged(message: string) {
  const fresh = useFreshOutcomes();
  return { onSuccess: () => done(message), onError: failed, onSettled: fresh };
}

/** A refusal is said in the dialog. */
export function useEnterScore() {
  const changed = useChanged("Score entered");
  return useMutation({ ...createOutcomeScoreMutation(), ...changed, onError: undefined });
}
export function useCorrectScore() {
  const changed = useChanged("Score corrected");
  return useMutation({ ...correctOutcomeScoreMutation(), ...changed, onError: undefined });
}
export const useTakeBack = () =>
  useMutation({ ...takeBackOutcomeScoreMutation(), ...useChanged("Score taken back") });
export const useTryScore = () => useMutation(tryOutcomeScoreMutation());

export const useAsk = () => useMutation({ ...askForOutcomesMutation(), ...useChanged("Questions sent") });
export const useAskAgain = () =>
  useMutation({ ...askForOutcomesAgainMutation(), ...useChanged("Questions sent again") });
export const useCancelRequest = () =>
  useMutation({ ...cancelOutcomeRequestMutation(), ...useChanged("Questions canceled") });

export function useUpdateOutcomeSettings() {
  const queries = useQueryClient();
  return useMutation({
    ...updateOutcomeSettingsMutation(),
    onSuccess: (found) => {
      queries.setQueryData(getOutcomeSettingsQueryKey(), found);
      done("Saved");
    },
    onError: failed,
  });
}

function useFreshWordings() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) =>
        ["listOutcomeWordings", "getOutcomeSettings", "getOutcomes"].includes(
          (query.queryKey[0] as { _id?: string })?._id ?? "",
        ),
    });
}

export function usePutWording() {
  const onSettled = useFreshWordings();
  return useMutation({ ...putOutcomeWordingMutation(), onSuccess: () => done("Questions saved"), onSettled });
}
export function useRemoveWording() {
  const onSettled = useFreshWordings();
  return useMutation({
    ...deleteOutcomeWordingMutation(),
    onSuccess: () => done("Questions removed"),
    onError: failed,
    onSettled,
  });
}
