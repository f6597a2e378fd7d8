import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  findNpiProvidersOptions,
  getReferrerDoublesOptions,
  getReferrerOptions,
  getReferrerTimelineInfiniteOptions,
  listReferrerDoublesOptions,
  listReferrerLinksOptions,
  listReferrerOfficesOptions,
  listReferrersInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { ReferrerFactsOut } from "../../api/generated/types.gen";
import type { ReferrersSearch } from "./search";

export type {
  NewReferrer,
  NpiProviderOut,
  OfficeOut,
  ReferrerChanges,
  ReferrerDoubleOut,
  ReferrerFactsOut,
  ReferrerLinkOut,
  ReferrerMoment,
  ReferrerProfile,
  ReferrerRow,
} from "../../api/generated/types.gen";

export type HearBy = ReferrerFactsOut["hear_by"];
export type HearOf = ReferrerFactsOut["hear_of"][number];

const path = (id: string) => ({ path: { referrer_id: id } });
const PAGE = 100;

export const useReferrers = ({ q, status, sort }: ReferrersSearch) =>
  useInfiniteQuery({
    ...listReferrersInfiniteOptions({ query: { q, status, sort, limit: PAGE } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
export const useReferrer = (id: string) => useQuery(getReferrerOptions(path(id)));
export const useReferrerTimeline = (id: string) =>
  useInfiniteQuery({
    ...getReferrerTimelineInfiniteOptions({ ...path(id), query: { limit: 30 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
export const useOffices = (q: string) =>
  useQuery({
    ...listReferrerOfficesOptions({ query: { q: q.trim() || undefined, limit: 20 } }),
    placeholderData: (old) => old,
    staleTime: 30_000,
  });
export const useDoubles = () => useQuery({ ...listReferrerDoublesOptions(), staleTime: 60_000 });
export const useDoublesOf = (id: string) => useQuery(getReferrerDoublesOptions(path(id)));
export const useLinks = (id: string, enabled: boolean) =>
  useQuery({ ...listReferrerLinksOptions(path(id)), enabled });
export const useNpiProviders = (q: string) =>
  useQuery({
    ...findNpiProvidersOptions({ query: { q } }),
    enabled: q.trim().length >= 3,
    placeholderData: (old) => old,
    staleTime: 60_000,
  });
