import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getReferrerOfficeDoublesOptions,
  getReferrerOfficeOptions,
  listReferrerOfficeDoublesOptions,
  listReferrerOfficesInfiniteOptions,
  listReferrersInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  OfficeChanges,
  OfficeDoubleOut,
  OfficeOut,
  OfficeProfile,
  OfficeRow,
  ReferrerRow,
} from "../../api/generated/types.gen";

const path = (id: string) => ({ path: { office_id: id } });
const pages = {
  initialPageParam: "",
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
};

export const useOffices = (q: string | undefined) =>
  useInfiniteQuery({ ...listReferrerOfficesInfiniteOptions({ query: { q, limit: 100 } }), ...pages });
export const useOffice = (id: string) => useQuery(getReferrerOfficeOptions(path(id)));
export const usePeople = (id: string) =>
  useInfiniteQuery({ ...listReferrersInfiniteOptions({ query: { office_id: id, limit: 100 } }), ...pages });
export const useDoubles = () => useQuery({ ...listReferrerOfficeDoublesOptions(), staleTime: 60_000 });
export const useDoublesOf = (id: string) => useQuery(getReferrerOfficeDoublesOptions(path(id)));
