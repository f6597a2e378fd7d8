import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  attendEvaluationMutation,
  bookEvaluationMutation,
  cancelEvaluationMutation,
  createSequenceMutation,
  deleteSequenceMutation,
  getFollowupRulesQueryKey,
  getLeadQueryKey,
  getLeadSequenceQueryKey,
  listSequencesQueryKey,
  missEvaluationMutation,
  orderSequencesMutation,
  resumeSequenceMutation,
  snoozeSequenceMutation,
  startSequenceMutation,
  stopSequenceMutation,
  updateFollowupRulesMutation,
  updateSequenceMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LeadOut, LeadSequence } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const OF_A_LEAD = ["getLead", "getLeadSequence", "listTasks", "listTimeline", "getBoard", "listCards"];

function useFresh() {
  const queries = useQueryClient();
  return (...names: string[]) =>
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

export const useFreshLeadSequence = () => {
  const queries = useQueryClient();
  return (leadId: string) =>
    queries.invalidateQueries({ queryKey: getLeadSequenceQueryKey({ path: { lead_id: leadId } }) });
};

function useListChange(message: string) {
  const fresh = useFresh();
  return {
    onSuccess: () => done(message),
    onError: failed,
    onSettled: () => fresh("listSequences"),
  };
}

export const useCreateSequence = () =>
  useMutation({ ...createSequenceMutation(), ...useListChange("Sequence added") });
export const useUpdateSequence = () =>
  useMutation({ ...updateSequenceMutation(), ...useListChange("Saved") });
export const useDeleteSequence = () =>
  useMutation({ ...deleteSequenceMutation(), ...useListChange("Deleted") });

export function useOrderSequences() {
  const queries = useQueryClient();
  const change = useListChange("Order changed");
  return useMutation({
    ...orderSequencesMutation(),
    ...change,
    onSuccess: (page) => {
      queries.setQueryData(listSequencesQueryKey(), page);
      change.onSuccess();
    },
  });
}

export function useUpdateRules() {
  const queries = useQueryClient();
  return useMutation({
    ...updateFollowupRulesMutation(),
    onSuccess: (rules) => {
      queries.setQueryData(getFollowupRulesQueryKey(), rules);
      done("Saved");
    },
    onError: failed,
  });
}

/** After a person steered a lead's follow-up: what was answered, and what shows the lead, fresh. */
function useSteered(leadId: string, message: string) {
  const queries = useQueryClient();
  const fresh = useFresh();
  const queryKey = getLeadSequenceQueryKey({ path: { lead_id: leadId } });
  return {
    // An answer from before the change must not overwrite the one after it.
    onMutate: () => queries.cancelQueries({ queryKey }),
    onSuccess: (found: LeadSequence) => {
      queries.setQueryData(queryKey, found);
      fresh("listTasks", "listTimeline", "listCards");
      done(message);
    },
    onError: failed,
  };
}

export const useSnooze = (leadId: string) =>
  useMutation({ ...snoozeSequenceMutation(), ...useSteered(leadId, "Follow-up snoozed") });
export const useResume = (leadId: string) =>
  useMutation({ ...resumeSequenceMutation(), ...useSteered(leadId, "Follow-up goes on") });
export const useStop = (leadId: string) =>
  useMutation({ ...stopSequenceMutation(), ...useSteered(leadId, "Follow-up stopped") });
export const useStart = (leadId: string) =>
  useMutation({ ...startSequenceMutation(), ...useSteered(leadId, "Follow-up started") });

function useNoted(message: string) {
  const queries = useQueryClient();
  const fresh = useFresh();
  return {
    onSuccess: (lead: LeadOut) => {
      queries.setQueryData(getLeadQueryKey({ path: { lead_id: lead.id } }), lead);
      fresh(...OF_A_LEAD.filter((name) => name !== "getLead"));
      done(message);
    },
    onError: failed,
  };
}

export const useBook = () => useMutation({ ...bookEvaluationMutation(), ...useNoted("Evaluation noted") });
export const useAttend = () => useMutation({ ...attendEvaluationMutation(), ...useNoted("Noted: attended") });
export const useMiss = () => useMutation({ ...missEvaluationMutation(), ...useNoted("Noted: missed") });
export const useCancel = () => useMutation({ ...cancelEvaluationMutation(), ...useNoted("Noted: canceled") });
