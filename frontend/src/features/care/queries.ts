import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getEpisodeOptions,
  getPlanBoardOptions,
  listEpisodesOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import { listInCare } from "../../api/generated/sdk.gen";
import type { ListInCareData } from "../../api/generated/types.gen";

export type {
  CareAlert,
  CareVisitOut,
  DischargeIn,
  EpisodeOut,
  EpisodeRow,
  InCareRow,
  LeadOut,
  PlanColumn,
  PlanIn,
  PlanOut,
  PlanRow,
} from "../../api/generated/types.gen";
export type InCareFilter = Omit<NonNullable<ListInCareData["query"]>, "cursor" | "limit">;

/** All courses of care of a patient, also those of their other leads. */
export const useEpisodes = (patientId: string) =>
  useQuery(listEpisodesOptions({ query: { patient_id: patientId } }));
/** The care of a lead that goes on, read afresh; null when there is none. */
export async function fetchActiveEpisode(queries: QueryClient, patientId: string, leadId: string) {
  const listed = listEpisodesOptions({ query: { patient_id: patientId } });
  const { items } = await queries.fetchQuery({ ...listed, staleTime: 0 });
  const active = items.find((row) => row.lead_id === leadId && row.state === "active");
  return active
    ? queries.fetchQuery({ ...getEpisodeOptions({ path: { episode_id: active.id } }), staleTime: 0 })
    : null;
}
export const useEpisode = (id: string) => useQuery(getEpisodeOptions({ path: { episode_id: id } }));
/** A plan that was signed online, with who signed it and when, as a PDF. */
export const signatureOf = (plan: { id: string }) => `/api/v1/plans-of-care/${plan.id}/signature`;
export const usePlanBoard = (locationId?: string) =>
  useQuery({
    ...getPlanBoardOptions({ query: locationId ? { location_id: locationId } : {} }),
    placeholderData: keepPreviousData,
  });

export const useInCare = (query: InCareFilter) =>
  useInfiniteQuery({
    queryKey: [{ _id: "listInCare", query }] as const,
    queryFn: async ({ pageParam, signal }) => {
      const page = pageParam ? { ...query, cursor: pageParam } : query;
      return (await listInCare({ query: page, signal, throwOnError: true })).data;
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
