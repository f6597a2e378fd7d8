import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  dismissReferrerOfficeDoubleMutation,
  mergeReferrerOfficeMutation,
  reconsiderReferrerOfficeDoubleMutation,
  unmergeReferrerOfficeMutation,
  updateReferrerOfficeMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWN = new Set([
  "listReferrerOffices",
  "getReferrerOffice",
  "listReferrerOfficeDoubles",
  "getReferrerOfficeDoubles",
  "listReferrers",
  "getReferrer",
]);

/** After a change everything that shows an office is fresh. */
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

export const useUpdateOffice = () =>
  useMutation({ ...updateReferrerOfficeMutation(), ...useChanged("Saved") });
export const useMergeOffice = () =>
  useMutation({ ...mergeReferrerOfficeMutation(), ...useChanged("Merged") });
export const useUnmergeOffice = () =>
  useMutation({ ...unmergeReferrerOfficeMutation(), ...useChanged("Two offices again") });
export const useDismissDouble = () =>
  useMutation({ ...dismissReferrerOfficeDoubleMutation(), ...useChanged("Noted: two offices") });
export const useReconsiderDouble = () =>
  useMutation({ ...reconsiderReferrerOfficeDoubleMutation(), ...useChanged("They may be one after all") });
