import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getImportOptions,
  listImportRowsInfiniteOptions,
  listImportsOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { ImportOut } from "../../api/generated/types.gen";

export type { ImportOut, ImportRowOut } from "../../api/generated/types.gen";

/** Whether the worker is going through its rows. */
export const busy = (found: ImportOut | undefined): boolean =>
  found?.state === "checking" || found?.state === "running";

export const useImports = () => useQuery(listImportsOptions({ query: { limit: 20 } }));

export const useImport = (id: string) =>
  useQuery({
    ...getImportOptions({ path: { import_id: id } }),
    // Live events tell of every batch; this is for when they are lost.
    refetchInterval: (query) => (busy(query.state.data) ? 3_000 : false),
  });

export const useImportRows = (id: string, outcome: "failed" | "asked") =>
  useInfiniteQuery({
    ...listImportRowsInfiniteOptions({ path: { import_id: id }, query: { outcome, limit: 50 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
