import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countArrivalsOptions,
  getWebFormOptions,
  listArrivalsInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { ArrivalOut, WebFormOut } from "../../api/generated/types.gen";

export const useWebForm = () => useQuery(getWebFormOptions());

export type ArrivalState = "held" | "opened" | "discarded";

export const useArrivals = (state: ArrivalState) =>
  useInfiniteQuery({
    ...listArrivalsInfiniteOptions({ query: { state, limit: 50 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** How many wait for a person; the menu shows the page while there are any. */
export const useHeldArrivals = (): number =>
  useQuery({ ...countArrivalsOptions(), staleTime: 60_000 }).data?.held ?? 0;
