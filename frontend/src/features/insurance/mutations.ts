import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  checkEligibilityMutation,
  createAuthorizationMutation,
  createCoverageMutation,
  createPayerMutation,
  getClearinghouseQueryKey,
  getInsuranceQueryKey,
  getInsuranceRulesQueryKey,
  updateAuthorizationMutation,
  updateClearinghouseMutation,
  updateCoverageMutation,
  updateInsuranceRulesMutation,
  updatePayerMutation,
  verifyBenefitsMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { InsuranceOut } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const OF_THE_LEAD = new Set(["getLead", "listCards", "listTasks", "listAuthorizationHistory", "getBoard"]);

/** After a change: the panel as answered, and what else shows the lead, fresh. */
function useChanged(leadId: string, message?: string) {
  const queries = useQueryClient();
  const queryKey = getInsuranceQueryKey({ path: { lead_id: leadId } });
  return {
    onMutate: () => queries.cancelQueries({ queryKey }),
    onSuccess: (found: InsuranceOut) => {
      queries.setQueryData(queryKey, found);
      queries.invalidateQueries({
        predicate: (query) => OF_THE_LEAD.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      });
      if (message) done(message);
    },
    onError: (error: unknown) => {
      queries.invalidateQueries({ queryKey });
      failed(error);
    },
  };
}

export const useCreateCoverage = (leadId: string) =>
  useMutation({ ...createCoverageMutation(), ...useChanged(leadId, "Insurance noted") });
export const useUpdateCoverage = (leadId: string, message = "Saved") =>
  useMutation({ ...updateCoverageMutation(), ...useChanged(leadId, message) });
export const useVerify = (leadId: string, message: string) =>
  useMutation({ ...verifyBenefitsMutation(), ...useChanged(leadId, message) });
export const useCreateAuthorization = (leadId: string) =>
  useMutation({ ...createAuthorizationMutation(), ...useChanged(leadId, "Authorization noted") });
export const useUpdateAuthorization = (leadId: string) =>
  useMutation({ ...updateAuthorizationMutation(), ...useChanged(leadId, "Saved") });
/** What is missing for the question is said beside the button, not in passing. */
export const useCheckEligibility = (leadId: string) =>
  useMutation({ ...checkEligibilityMutation(), ...useChanged(leadId), onError: undefined });

function useListed(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: () => done(message),
    onError: failed,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: (query) =>
          ["listPayers", "getInsurance"].includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
      }),
  };
}

export const useCreatePayer = () => useMutation({ ...createPayerMutation(), ...useListed("Payer added") });
export const useUpdatePayer = () => useMutation({ ...updatePayerMutation(), ...useListed("Saved") });

export function useUpdateInsuranceRules() {
  const queries = useQueryClient();
  return useMutation({
    ...updateInsuranceRulesMutation(),
    onSuccess: (rules) => {
      queries.setQueryData(getInsuranceRulesQueryKey(), rules);
      done("Saved");
    },
    onError: failed,
  });
}

export function useUpdateClearinghouse() {
  const queries = useQueryClient();
  return useMutation({
    ...updateClearinghouseMutation(),
    onSuccess: (account) => {
      queries.setQueryData(getClearinghouseQueryKey(), account);
      done("Saved");
    },
    onError: failed,
  });
}
