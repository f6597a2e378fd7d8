import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  listLeadLinksQueryKey,
  revokeLeadLinksMutation,
  revokeLinkMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { LeadLinks } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

function useFresh() {
  const queries = useQueryClient();
  return (...names: string[]) =>
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

/** The links of leads, fresh. */
export function useFreshLinks() {
  const fresh = useFresh();
  return () => fresh("listLeadLinks");
}

function useClosing(leadId: string, message: string) {
  const queries = useQueryClient();
  const fresh = useFresh();
  return {
    onSuccess: (links: LeadLinks) => {
      queries.setQueryData(listLeadLinksQueryKey({ path: { lead_id: leadId } }), links);
      done(message);
    },
    onError: failed,
    onSettled: () => fresh("listLeadLinks", "getLead", "listTimeline", "listLeadMessages"),
  };
}

export const useRevoke = (leadId: string) =>
  useMutation({ ...revokeLinkMutation(), ...useClosing(leadId, "Closed: the link opens nothing any more") });
export const useRevokeAll = (leadId: string) =>
  useMutation({ ...revokeLeadLinksMutation(), ...useClosing(leadId, "Every link of this lead is closed") });
