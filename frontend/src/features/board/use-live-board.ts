import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";
import { refreshCard } from "./mutations";
import type { BoardSearch } from "./search";

const GATHER = 150;
// A time that was booked may be the first one of many cards: they are asked for again, but not with every booking.
const CALENDAR_MS = 5_000;

const idOf = (key: readonly unknown[]) => (key[0] as { _id?: string })?._id ?? "";

/** Keep the board as others change it: changed cards are fetched one by one, a resync loads the columns again. */
export function useLiveBoard(search: BoardSearch): void {
  const queries = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<number | null>(null);
  const calendar = useRef<number | null>(null);
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
        predicate: (query) => ["listCards", "getBoard"].includes(idOf(query.queryKey)),
      });
    } else if (event.type === "appointment.changed") {
      calendar.current ??= window.setTimeout(() => {
        calendar.current = null;
        queries.invalidateQueries({ predicate: (query) => idOf(query.queryKey) === "listCards" });
      }, CALENDAR_MS);
    } else if (event.type.startsWith("lead.")) {
      waiting.current.add(event.id);
      timer.current ??= window.setTimeout(flush, GATHER);
    }
  });
}
