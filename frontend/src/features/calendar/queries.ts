import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { listWorkingTimeOptions } from "../../api/generated/@tanstack/react-query.gen";
import { spanOptions } from "../scheduling";

export type { BlockedOut, WorkedOut } from "../../api/generated/types.gen";

export interface Span {
  from: string;
  to: string;
  location_id?: string;
}

export const useVisits = (span: Span) =>
  useQuery({ ...spanOptions(span), placeholderData: keepPreviousData });

/** When clinicians work, and what is blocked. */
export const useBackground = (span: Span) =>
  useQuery({
    ...listWorkingTimeOptions({ query: span }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
