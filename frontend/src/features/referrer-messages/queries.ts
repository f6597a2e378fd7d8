import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countReferrerMessagesOptions,
  listReferrerMessagesInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { DeskAnswerOut, DeskMessageOut } from "../../api/generated/types.gen";

/** Which messages are asked for. */
export interface Which {
  waiting?: boolean;
  referrer_id?: string;
  lead_id?: string;
}

export const useMessages = (which: Which) =>
  useInfiniteQuery({
    ...listReferrerMessagesInfiniteOptions({ query: { ...which, limit: 30 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
export const useWaitingMessages = () => useQuery(countReferrerMessagesOptions()).data?.waiting ?? 0;
