import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createTaskMutation, moveLeadMutation } from "../../api/generated/@tanstack/react-query.gen";
import type { LeadOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";
import { idOf, leadOptions } from "./queries";

function useLeadChanged() {
  const queries = useQueryClient();
  return (leadId: string) => {
    queries.invalidateQueries({ queryKey: leadOptions(leadId).queryKey });
    queries.invalidateQueries({ predicate: ({ queryKey }) => idOf(queryKey) === "listTasks" });
  };
}

export function usePlanTask() {
  const after = useLeadChanged();
  return useMutation({
    ...createTaskMutation(),
    onSuccess: (task) => {
      if (task.lead_id) after(task.lead_id);
      done(`Planned: ${task.title}`);
    },
    onError: failed,
  });
}

export function useCloseLead() {
  const queries = useQueryClient();
  return useMutation({
    ...moveLeadMutation(),
    onSuccess: (lead: LeadOut) => {
      queries.setQueryData(leadOptions(lead.id).queryKey, lead);
      done("Closed: the patient declined. Any sign of life opens it again.");
    },
    onError: failed,
  });
}
