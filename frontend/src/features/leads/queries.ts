import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getLeadOptions,
  listFaxesOptions,
  listTasksOptions,
  listTimelineInfiniteOptions,
  searchOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  LeadOut,
  NewLeadIn,
  OrderOut,
  PatientChanges,
  PatientOut,
  TaskOut,
  TimelineItem,
} from "../../api/generated/types.gen";

const path = (id: string) => ({ path: { lead_id: id } });

export const useLead = (id: string) => useQuery(getLeadOptions(path(id)));
export const useLeadTasks = (id: string) => useQuery(listTasksOptions({ query: { lead_id: id } }));
export const useLeadFaxes = (id: string, enabled: boolean) =>
  useQuery({ ...listFaxesOptions({ query: { lead_id: id } }), enabled });
export const useTimeline = (id: string) =>
  useInfiniteQuery({
    ...listTimelineInfiniteOptions({ ...path(id), query: { limit: 20 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
export const useSearchLeads = (q: string) =>
  useQuery({
    ...searchOptions({ query: { q } }),
    enabled: q.trim().length >= 2,
    placeholderData: (old) => old,
  });
