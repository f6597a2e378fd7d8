import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";
import { refreshCard } from "./mutations";
import type { BoardSearch } from "./search";

const GATHER = 150;

/** Keep the board as others change it: changed cards are fetched one by one, a resync loads the columns again. */
export function useLiveBoard(search: BoardSearch): void {
  const queries = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<number | null>(null);
  const latest = useRef(search);
  latest.current = search;

  const flush = async () => {
    timer.current = null;
    const ids = [...waiting.current];
    waiting.current.clear();
    for (const id of ids) await refreshCard(queries, id, latest.current);
  };
  useLive((event) => {
    if (event.type === "resync") {
      queries.invalidateQueries({
        predicate: (query) =>
          ["listCards", "getBoard"].includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
      });
    } else if (event.type.startsWith("lead.")) {
      waiting.current.add(event.id);
      timer.current ??= window.setTimeout(flush, GATHER);
    }
  });
}
