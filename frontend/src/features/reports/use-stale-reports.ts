import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { LiveEvent } from "../../shared/realtime/live";

const STALE: Record<string, string[]> = {
  "report.made": ["listSavedReports"],
  "scorecards.changed": ["listScorecardBatches", "getScorecardBatch", "listScorecards"],
};

/** Results and batches that jobs made come in by themselves. */
export function useStaleReports(): (event: LiveEvent) => void {
  const queries = useQueryClient();
  return useCallback(
    (event) => {
      const names = event.type === "resync" ? Object.values(STALE).flat() : (STALE[event.type] ?? []);
      if (names.length === 0) return;
      queries.invalidateQueries({
        predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
      });
    },
    [queries],
  );
}
