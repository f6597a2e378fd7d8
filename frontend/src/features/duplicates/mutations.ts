import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  dismissDuplicateMutation,
  mergeLeadMutation,
  reconsiderDuplicateMutation,
  unmergeLeadMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

/** Two leads changed at once: whatever shows either is read again. */
function useFresh() {
  const queries = useQueryClient();
  return (message: string) => {
    queries.invalidateQueries();
    done(message);
  };
}

export function useMergeLead() {
  const fresh = useFresh();
  return useMutation({
    ...mergeLeadMutation(),
    onSuccess: () => fresh("Merged into one lead"),
    onError: failed,
  });
}

export function useUnmergeLead() {
  const fresh = useFresh();
  return useMutation({
    ...unmergeLeadMutation(),
    onSuccess: () => fresh("Two leads again"),
    onError: failed,
  });
}

export function useDismissDuplicate() {
  const fresh = useFresh();
  return useMutation({
    ...dismissDuplicateMutation(),
    onSuccess: () => fresh("Noted: not the same person"),
    onError: failed,
  });
}

export function useReconsiderDuplicate() {
  const fresh = useFresh();
  return useMutation({
    ...reconsiderDuplicateMutation(),
    onSuccess: () => fresh("May be the same person after all"),
    onError: failed,
  });
}
