import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getBoardOptions,
  listCardsInfiniteQueryKey,
  listLocationsOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import { getCard, listCards } from "../../api/generated/sdk.gen";
import type { BoardOut, CardPage, ColumnOut, LeadCard, ListCardsData } from "../../api/generated/types.gen";
import type { BoardSearch } from "./search";

export type {
  BoardOut,
  CardPage,
  ColumnOut,
  FirstContactOut as FirstContact,
  LeadCard,
} from "../../api/generated/types.gen";

type CardQuery = Omit<NonNullable<ListCardsData["query"]>, "cursor">;
export type ColumnData = InfiniteData<CardPage, unknown>;

/** What the address says, as the API takes it. */
export function filterOf(search: BoardSearch): CardQuery {
  return {
    location_id: search.location,
    owner: search.owner,
    source: search.source as CardQuery["source"],
    overdue: search.overdue || undefined,
    duplicates: search.duplicates || undefined,
    q: search.q || undefined,
  };
}

export const boardOptions = (search: BoardSearch) => getBoardOptions({ query: filterOf(search) });

export function useBoard(search: BoardSearch) {
  return useQuery({ ...boardOptions(search), placeholderData: (before: BoardOut | undefined) => before });
}

export const columnKey = (stage: string, search: BoardSearch) =>
  listCardsInfiniteQueryKey({ path: { stage }, query: filterOf(search) });

export const columnOptions = (stage: string, search: BoardSearch) =>
  infiniteQueryOptions({
    queryKey: columnKey(stage, search),
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...filterOf(search), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await listCards({ path: { stage }, query, signal, throwOnError: true });
      return data;
    },
    initialPageParam: "",
    getNextPageParam: (last: CardPage) => last.next_cursor ?? undefined,
    staleTime: 60_000,
  });

export const useColumn = (stage: string, search: BoardSearch, enabled: boolean) =>
  useInfiniteQuery({ ...columnOptions(stage, search), enabled });

/** One card as it is now; null when it is gone or not ours to see. */
export async function fetchCard(id: string): Promise<LeadCard | null> {
  try {
    return (await getCard({ path: { lead_id: id }, throwOnError: true })).data;
  } catch {
    return null;
  }
}

export const useLocations = () => useQuery({ ...listLocationsOptions(), staleTime: 5 * 60_000 });

export type Column = ColumnOut;
