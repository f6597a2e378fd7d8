import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  acceptArrivalMutation,
  discardArrivalMutation,
  getWebFormQueryKey,
  updateWebFormMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWN = new Set(["listArrivals", "countArrivals", "getBoard", "listCards"]);

function useFresh() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => SHOWN.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

export function useSaveWebForm() {
  const queries = useQueryClient();
  return useMutation({
    ...updateWebFormMutation(),
    onSuccess: (form) => {
      queries.setQueryData(getWebFormQueryKey(), form);
      done("Website form saved");
    },
    onError: failed,
  });
}

export function useAcceptArrival() {
  const fresh = useFresh();
  return useMutation({
    ...acceptArrivalMutation(),
    onSuccess: () => done("Lead opened"),
    onError: failed,
    onSettled: fresh,
  });
}

export function useDiscardArrival() {
  const fresh = useFresh();
  return useMutation({
    ...discardArrivalMutation(),
    onSuccess: () => done("Discarded"),
    onError: failed,
    onSettled: fresh,
  });
}
