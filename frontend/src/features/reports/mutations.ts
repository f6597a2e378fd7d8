import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  chooseScorecardMutation,
  createSavedReportMutation,
  createScorecardBatchMutation,
  deleteSavedReportMutation,
  markReportResultSeenMutation,
  sendScorecardMutation,
  sendScorecardsMutation,
  updateSavedReportMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { SavedReportIn } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

export type NewSaved = SavedReportIn;

function useStale(...names: string[]) {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

const once = () => ({ headers: { "Idempotency-Key": crypto.randomUUID() } });

export const useSaveReport = () =>
  useMutation({
    ...createSavedReportMutation(once()),
    onSuccess: () => done("Saved"),
    onError: failed,
    onSettled: useStale("listSavedReports"),
  });
export const useChangeSaved = () =>
  useMutation({ ...updateSavedReportMutation(), onError: failed, onSettled: useStale("listSavedReports") });
export const useForgetSaved = () =>
  useMutation({
    ...deleteSavedReportMutation(),
    onSuccess: () => done("Forgotten"),
    onError: failed,
    onSettled: useStale("listSavedReports"),
  });
export const useSeen = () =>
  useMutation({ ...markReportResultSeenMutation(), onSettled: useStale("listSavedReports") });

export const useSendScorecard = () =>
  useMutation({
    ...sendScorecardMutation(),
    onSuccess: () => done("The scorecard is on its way"),
    onError: failed,
    onSettled: useStale("listLetters", "getScorecard"),
  });
export const usePrepareBatch = () =>
  useMutation({
    ...createScorecardBatchMutation(),
    onError: failed,
    onSettled: useStale("listScorecardBatches"),
  });
export const useChoose = () =>
  useMutation({
    ...chooseScorecardMutation(),
    onError: failed,
    onSettled: useStale("listScorecards", "getScorecardBatch", "listScorecardBatches"),
  });
export const useSendBatch = () =>
  useMutation({
    ...sendScorecardsMutation(),
    onError: failed,
    onSettled: useStale("listScorecards", "getScorecardBatch", "listScorecardBatches"),
  });
