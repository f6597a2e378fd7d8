import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addReferrerNoteMutation,
  addReferrerVisitMutation,
  createReferrerLinkMutation,
  createReferrerMutation,
  dismissReferrerDoubleMutation,
  mergeReferrerMutation,
  reconsiderReferrerDoubleMutation,
  revokeReferrerLinkMutation,
  unmergeReferrerMutation,
  updateReferrerMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWN = new Set([
  "listReferrers",
  "getReferrer",
  "getReferrerTimeline",
  "listReferrerDoubles",
  "getReferrerDoubles",
  "listReferrerLinks",
  "listTasks",
  "countTasks",
  "getLead",
]);

/** After a change everything that shows a referrer is fresh. */
function useChanged(message: string) {
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

export const useCreateReferrer = () =>
  useMutation({ ...createReferrerMutation(), ...useChanged("Referrer added") });
export const useUpdateReferrer = () => useMutation({ ...updateReferrerMutation(), ...useChanged("Saved") });
export const useMergeReferrer = () => useMutation({ ...mergeReferrerMutation(), ...useChanged("Merged") });
export const useUnmergeReferrer = () =>
  useMutation({ ...unmergeReferrerMutation(), ...useChanged("Two referrers again") });
export const useDismissDouble = () =>
  useMutation({ ...dismissReferrerDoubleMutation(), ...useChanged("Noted: two referrers") });
export const useReconsiderDouble = () =>
  useMutation({ ...reconsiderReferrerDoubleMutation(), ...useChanged("They may be one after all") });
export const useAddVisit = () => useMutation({ ...addReferrerVisitMutation(), ...useChanged("Visit noted") });
export const useAddNote = () => useMutation({ ...addReferrerNoteMutation(), ...useChanged("Note added") });
export const useCreateLink = () =>
  useMutation({ ...createReferrerLinkMutation(), ...useChanged("Link made") });
export const useRevokeLink = () =>
  useMutation({ ...revokeReferrerLinkMutation(), ...useChanged("Link closed") });
