import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  attachFaxMutation,
  confirmFaxMutation,
  getFaxQueryKey,
  mergeFaxMutation,
  rejectFaxMutation,
  retryFaxMutation,
  splitFaxMutation,
  uploadFaxMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { FaxOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const RELATED = new Set(["listFaxes", "countFaxes", "listFaxMatches", "getBoard", "listCards", "listTasks"]);

function useSettled(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: (fax: FaxOut) => {
      queries.setQueryData(getFaxQueryKey({ path: { fax_id: fax.id } }), fax);
      done(message);
    },
    onError: failed,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: (query) => RELATED.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      }),
  };
}

export const useUpload = () =>
  useMutation({ ...uploadFaxMutation(), ...useSettled("Fax received. It is being read.") });
export const useConfirm = () => useMutation({ ...confirmFaxMutation(), ...useSettled("Filed") });
export const useAttach = () => useMutation({ ...attachFaxMutation(), ...useSettled("Attached to the lead") });
export const useReject = () =>
  useMutation({ ...rejectFaxMutation(), ...useSettled("Rejected. The original is kept.") });
export const useRetry = () => useMutation({ ...retryFaxMutation(), ...useSettled("Reading it again") });
export const useSplit = () =>
  useMutation({ ...splitFaxMutation(), ...useSettled("Split. Reading it again.") });
export const useMerge = () =>
  useMutation({ ...mergeFaxMutation(), ...useSettled("Joined. Reading it again.") });
