import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createImportMutation,
  decideImportRowMutation,
  getImportQueryKey,
  runImportMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { failed } from "../../shared/ui/notify";

function useFresh() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) =>
        ["listImports", "getImport", "listImportRows"].includes(
          (query.queryKey[0] as { _id?: string })?._id ?? "",
        ),
    });
}

export function useCreateImport() {
  const fresh = useFresh();
  return useMutation({ ...createImportMutation(), onSuccess: fresh });
}

export function useRunImport() {
  const queries = useQueryClient();
  const fresh = useFresh();
  return useMutation({
    ...runImportMutation(),
    onSuccess: (found) => {
      queries.setQueryData(getImportQueryKey({ path: { import_id: found.id } }), found);
      fresh();
    },
    onError: failed,
  });
}

export function useDecideRow() {
  const fresh = useFresh();
  return useMutation({ ...decideImportRowMutation(), onError: failed, onSettled: fresh });
}
