import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countFaxesOptions,
  getFaxOptions,
  listFaxesInfiniteOptions,
  listFaxMatchesOptions,
  searchOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { FaxOut } from "../../api/generated/types.gen";

export type {
  ConfirmedSegment,
  FaxMatchOut,
  FaxOut,
  FaxPageOut,
  FaxSegmentOut,
  FaxSummary,
  FieldOut,
} from "../../api/generated/types.gen";

const READING = new Set(["received", "fetched", "decoded", "read", "sorted", "extracted", "matched"]);

/** Whether the fax is still being read. */
export const isReading = (fax: Pick<FaxOut, "status">) => READING.has(fax.status);

export const useFaxes = (status: string, q: string | undefined) =>
  useInfiniteQuery({
    ...listFaxesInfiniteOptions({ query: { status: status === "all" ? undefined : status, q, limit: 50 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
export const useFaxCounts = () => useQuery(countFaxesOptions());
export const useFax = (id: string) => useQuery(getFaxOptions({ path: { fax_id: id } }));
export const useFaxMatches = (id: string, segment: number, enabled: boolean) =>
  useQuery({ ...listFaxMatchesOptions({ path: { fax_id: id }, query: { segment } }), enabled });
export const useFindLead = (q: string) =>
  useQuery({
    ...searchOptions({ query: { q } }),
    enabled: q.trim().length >= 2,
    placeholderData: (old) => old,
  });
