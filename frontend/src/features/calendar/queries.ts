import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { listBlockedTimesOptions, listOpenTimesOptions } from "../../api/generated/@tanstack/react-query.gen";
import { spanOptions } from "../scheduling";

export type { BlockedTimeOut, OpenTimeOut } from "../../api/generated/types.gen";

export interface Span {
  from: string;
  to: string;
  location_id?: string;
}

const USUAL = { placeholderData: keepPreviousData, staleTime: 60_000 };

export const useVisits = (span: Span) =>
  useQuery({ ...spanOptions(span), placeholderData: keepPreviousData });
/** When clinicians work. */
export const useOpenTimes = (span: Span) => useQuery({ ...listOpenTimesOptions({ query: span }), ...USUAL });
export const useBlocked = (span: Span) => useQuery({ ...listBlockedTimesOptions({ query: span }), ...USUAL });
