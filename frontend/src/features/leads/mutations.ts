import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addNoteMutation,
  createLeadMutation,
  getLeadQueryKey,
  logCallMutation,
  moveLeadMutation,
  reopenLeadMutation,
  updateLeadMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LeadOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const RELATED = new Set(["getBoard", "listCards", "listTasks", "listTimeline", "getLeadSequence", "search"]);

/** After a change: the lead as answered, and everything that shows it, fresh. */
function useAfterChange() {
  const queries = useQueryClient();
  return (lead: LeadOut | null, message?: string) => {
    if (lead) queries.setQueryData(getLeadQueryKey({ path: { lead_id: lead.id } }), lead);
    queries.invalidateQueries({
      predicate: (query) => RELATED.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
    if (message) done(message);
  };
}

export function useCreateLead() {
  const after = useAfterChange();
  return useMutation({ ...createLeadMutation(), onSuccess: (lead) => after(lead, "Lead opened") });
}

export function useUpdateLead() {
  const after = useAfterChange();
  return useMutation({ ...updateLeadMutation(), onSuccess: (lead) => after(lead, "Saved"), onError: failed });
}

export function useMoveLead() {
  const after = useAfterChange();
  return useMutation({
    ...moveLeadMutation(),
    onSuccess: (lead) => after(lead, `Moved to ${lead.stage_name}`),
    onError: failed,
  });
}

export function useReopenLead() {
  const after = useAfterChange();
  return useMutation({
    ...reopenLeadMutation(),
    onSuccess: (lead) => after(lead, "Open again"),
    onError: failed,
  });
}

export function useLogCall() {
  const after = useAfterChange();
  return useMutation({
    ...logCallMutation(),
    onSuccess: (lead) => after(lead, "Call logged"),
    onError: failed,
  });
}

export function useAddNote() {
  const after = useAfterChange();
  return useMutation({ ...addNoteMutation(), onSuccess: (lead) => after(lead), onError: failed });
}
