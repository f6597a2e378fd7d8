import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  listApiKeysOptions,
  listAuditInfiniteOptions,
  listDeliveriesInfiniteOptions,
  listFaxAccountsOptions,
  listJobsInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { ListDeliveriesData, ListJobsData } from "../../api/generated/types.gen";

const pages = {
  initialPageParam: "",
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
};
type JobState = NonNullable<ListJobsData["query"]>["state"];
type DeliveryState = NonNullable<ListDeliveriesData["query"]>["state"];

export const useFaxAccounts = () => useQuery(listFaxAccountsOptions());
export const useApiKeys = () => useQuery(listApiKeysOptions());
export const useJobs = (state: string) =>
  useInfiniteQuery({ ...listJobsInfiniteOptions({ query: { state: state as JobState } }), ...pages });
export const useDeliveries = (state: string) =>
  useInfiniteQuery({
    ...listDeliveriesInfiniteOptions({ query: { state: (state || undefined) as DeliveryState } }),
    ...pages,
  });
export const useAudit = () => useInfiniteQuery({ ...listAuditInfiniteOptions(), ...pages });
