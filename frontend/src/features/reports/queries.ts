import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getReportOptions,
  getReportResultOptions,
  getScorecardBatchOptions,
  getScorecardOptions,
  listReportRowsInfiniteOptions,
  listReportsOptions,
  listSavedReportsOptions,
  listScorecardBatchesOptions,
  listScorecardsInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { FigureGroupOut, GetReportData, ListReportRowsData } from "../../api/generated/types.gen";

export type {
  FigureGroupOut as GroupOut,
  FigurePartOut as PartOut,
  MetricDefinitionOut as DefinitionOut,
  MetricReportOut as ReportOut,
  ReportRowOut as RowOut,
  SavedReportOut as SavedOut,
  ScorecardBatchOut as BatchOut,
  ScorecardItemOut as ScorecardCard,
  ScorecardOut,
  SentenceOut,
} from "../../api/generated/types.gen";

/** A value with what carries it. */
export type FigureOut = Omit<FigureGroupOut, "key" | "label">;
export type Asked = NonNullable<GetReportData["query"]>;
const pages = {
  initialPageParam: "",
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
};
const FRESH = { staleTime: 60_000 };
const PREPARING = 2_000;

export const useReports = () => useQuery({ ...listReportsOptions(), ...FRESH });

/** One metric; what was shown before stays until the new one is there. */
export const useReport = (metric: string, asked: Asked, enabled = true) =>
  useQuery({
    ...getReportOptions({ path: { metric }, query: asked }),
    ...FRESH,
    enabled,
    placeholderData: keepPreviousData,
  });

/** Rows by the address the API gave for them. */
export const useReportRows = (metric: string, question: string) => {
  const query = Object.fromEntries(new URLSearchParams(question)) as ListReportRowsData["query"];
  return useInfiniteQuery({
    ...listReportRowsInfiniteOptions({ path: { metric }, query: { ...query, limit: 50 } }),
    ...pages,
  });
};

export const useSavedReports = (enabled = true) => useQuery({ ...listSavedReportsOptions(), enabled });
export const useReportResult = (saved_id: string, result_id: string | null) =>
  useQuery({
    ...getReportResultOptions({ path: { saved_id, result_id: result_id ?? "" } }),
    enabled: result_id !== null,
  });

export const useScorecard = (referrer_id: string, from?: string, to?: string) =>
  useQuery({ ...getScorecardOptions({ path: { referrer_id }, query: { from, to } }), ...FRESH });

export const useBatches = () =>
  useQuery({
    ...listScorecardBatchesOptions(),
    refetchInterval: (query) => (query.state.data?.items.some(underWay) ? PREPARING : false),
  });
export const useBatch = (batch_id: string) =>
  useQuery({
    ...getScorecardBatchOptions({ path: { batch_id } }),
    refetchInterval: (query) => (query.state.data && underWay(query.state.data) ? PREPARING : false),
  });
export const useCards = (batch_id: string, enabled: boolean) =>
  useInfiniteQuery({
    ...listScorecardsInfiniteOptions({ path: { batch_id }, query: { limit: 100 } }),
    ...pages,
    enabled,
  });

/** Whether a job is at it. */
export const underWay = (batch: { state: string }) =>
  batch.state === "preparing" || batch.state === "sending";
