import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countHl7QuestionsOptions,
  findPatientsForHl7Options,
  listHl7QuestionsInfiniteOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { Hl7QuestionOut, MaybePatient } from "../../api/generated/types.gen";

export type QuestionState = "open" | "decided";

export const useQuestions = (state: QuestionState) =>
  useInfiniteQuery({
    ...listHl7QuestionsInfiniteOptions({ query: { state, limit: 20 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const useOpenQuestions = (enabled: boolean): number =>
  useQuery({ ...countHl7QuestionsOptions(), enabled, staleTime: 60_000 }).data?.open ?? 0;

export const useFoundPatients = (q: string) =>
  useQuery({
    ...findPatientsForHl7Options({ query: { q } }),
    enabled: q.trim().length >= 2,
    placeholderData: keepPreviousData,
  });
