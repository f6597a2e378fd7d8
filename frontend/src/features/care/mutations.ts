import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createPlanOfCareMutation,
  createProgressReportMutation,
  createVisitMutation,
  deletePlanOfCareMutation,
  deleteProgressReportMutation,
  deleteVisitMutation,
  dischargeEpisodeMutation,
  getEpisodeQueryKey,
  readyPlanOfCareMutation,
  reopenEpisodeMutation,
  sentPlanOfCareMutation,
  signedPlanOfCareMutation,
  unsignedPlanOfCareMutation,
  updateEpisodeMutation,
  updatePlanOfCareMutation,
  updateVisitMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { EpisodeOut } from "../../api/generated/types.gen";
import { announce } from "../../shared/a11y/announce";
import { done, failed } from "../../shared/ui/notify";

const SHOWING = new Set([
  "listEpisodes",
  "listInCare",
  "getPlanBoard",
  "getLead",
  "listTasks",
  "countTasks",
  "listTimeline",
  "getBoard",
  "listCards",
  "getCard",
  "getInsurance",
]);

/** After a change: the episode as answered, and whatever else shows it, fresh. */
function useAfter(message: string, named: readonly string[] = []) {
  const queries = useQueryClient();
  const stale = (names: ReadonlySet<string> | string[]) =>
    queries.invalidateQueries({
      predicate: (query) => new Set(names).has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
  return {
    onSuccess: (found: unknown) => {
      const episode = found as EpisodeOut;
      if (named.length === 0)
        queries.setQueryData(getEpisodeQueryKey({ path: { episode_id: episode.id } }), episode);
      stale([...SHOWING, ...named]);
      done(message);
      announce(message);
    },
    onError: (error: unknown) => {
      failed(error);
      stale(["getEpisode", "getPlanBoard"]);
    },
  };
}

const VISIT = ["getEpisode", "listAppointments"];

export const useAddVisit = () => useMutation({ ...createVisitMutation(), ...useAfter("Visit noted", VISIT) });
export const useChangeVisit = () =>
  useMutation({ ...updateVisitMutation(), ...useAfter("Visit corrected", VISIT) });
export const useRemoveVisit = () => useMutation({ ...deleteVisitMutation(), ...useAfter("Visit removed") });
export const useWritePlan = () =>
  useMutation({ ...createPlanOfCareMutation(), ...useAfter("Plan of care saved") });
export const useChangePlan = () =>
  useMutation({ ...updatePlanOfCareMutation(), ...useAfter("Plan of care saved") });
export const useReadyPlan = () =>
  useMutation({ ...readyPlanOfCareMutation(), ...useAfter("Plan of care complete") });
export const useSentPlan = () => useMutation({ ...sentPlanOfCareMutation(), ...useAfter("Noted as sent") });
export const useSignedPlan = () =>
  useMutation({ ...signedPlanOfCareMutation(), ...useAfter("Noted as signed") });
export const useUnsignedPlan = () =>
  useMutation({ ...unsignedPlanOfCareMutation(), ...useAfter("Signature taken back") });
export const useDeletePlan = () =>
  useMutation({ ...deletePlanOfCareMutation(), ...useAfter("Plan of care deleted") });
export const useReport = () =>
  useMutation({ ...createProgressReportMutation(), ...useAfter("Progress report noted") });
export const useForgetReport = () =>
  useMutation({ ...deleteProgressReportMutation(), ...useAfter("Taken back") });
export const useChangeEpisode = () => useMutation({ ...updateEpisodeMutation(), ...useAfter("Saved") });
export const useDischarge = () => useMutation({ ...dischargeEpisodeMutation(), ...useAfter("Discharged") });
export const useReopenEpisode = () =>
  useMutation({ ...reopenEpisodeMutation(), ...useAfter("Care goes on") });
