import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addToWaitlistMutation,
  removeFromWaitlistMutation,
  updateWaitlistEntryMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

/** The list is asked for again. */
export function useFreshWaitlist() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => (query.queryKey[0] as { _id?: string })?._id === "listWaitlist",
    });
}

export const useAddToWaitlist = () =>
  useMutation({
    ...addToWaitlistMutation(),
    onSuccess: (entry) => done(`${entry.patient_display_name} is on the waitlist`),
    onError: failed,
    onSettled: useFreshWaitlist(),
  });
export const useChangeWaitlist = () =>
  useMutation({
    ...updateWaitlistEntryMutation(),
    onSuccess: () => done("Saved"),
    onError: failed,
    onSettled: useFreshWaitlist(),
  });
export const useRemoveFromWaitlist = () =>
  useMutation({
    ...removeFromWaitlistMutation(),
    onSuccess: () => done("Taken off the waitlist"),
    onError: failed,
    onSettled: useFreshWaitlist(),
  });
