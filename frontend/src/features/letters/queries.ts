import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countLettersOptions,
  getLetterRulesOptions,
  getMissingInfoOptions,
  listLeadLettersOptions,
  listLettersInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LetterOut, ListLettersData } from "../../api/generated/types.gen";

export type {
  LetterOut,
  LetterRulesOut,
  MissingInfoIn,
  MissingInfoOut,
  SendingOut,
} from "../../api/generated/types.gen";

export type View = NonNullable<NonNullable<ListLettersData["query"]>["view"]>;

const listed = (query: NonNullable<ListLettersData["query"]>) => ({
  ...listLettersInfiniteOptions({ query }),
  initialPageParam: "",
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
});

export const useLetters = (view: View) => useInfiniteQuery(listed({ view, limit: 50 }));
export const useReferrerLetters = (referrerId: string) =>
  useInfiniteQuery(listed({ view: "all", referrer_id: referrerId, limit: 20 }));
export const useLetterCounts = () => useQuery(countLettersOptions());
export const useLeadLetters = (leadId: string) =>
  useQuery(listLeadLettersOptions({ path: { lead_id: leadId } }));
export const useMissingInfo = (leadId: string, enabled: boolean) =>
  useQuery({ ...getMissingInfoOptions({ path: { lead_id: leadId } }), enabled });
export const useLetterRules = () => useQuery(getLetterRulesOptions());

/** The letter as a PDF, as it went or as it would go now. */
export const documentOf = (letter: Pick<LetterOut, "id">) => `/api/v1/letters/${letter.id}/document`;
