import { useQuery } from "@tanstack/react-query";
import {
  getClearinghouseOptions,
  getInsuranceOptions,
  getInsuranceRulesOptions,
  listAuthorizationHistoryOptions,
  listPayersOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  AuthorizationEventOut,
  AuthorizationIn,
  AuthorizationOut,
  ClearinghouseOut,
  CoverageDetail,
  CoverageIn,
  EligibilityOut,
  InsuranceOut,
  ItemIn,
  ItemOut,
  LeadOut,
  OrderAuthorization,
  PayerIn,
  PayerOut,
  RulesOut,
  VerificationOut,
} from "../../api/generated/types.gen";

const ASKING = 3_000;

/** All of a lead's insurance. While the payer is asked it is looked at again, should the live news be lost. */
export const useInsurance = (leadId: string) =>
  useQuery({
    ...getInsuranceOptions({ path: { lead_id: leadId } }),
    refetchInterval: (query) =>
      query.state.data?.coverages.some((coverage) => coverage.check?.state === "asking") ? ASKING : false,
  });
export const usePayers = (enabled = true) => useQuery({ ...listPayersOptions(), enabled, staleTime: 60_000 });
export const useInsuranceRules = () => useQuery(getInsuranceRulesOptions());
export const useClearinghouse = () => useQuery(getClearinghouseOptions());
export const useHistory = (leadId: string, authorizationId: string, enabled: boolean) =>
  useQuery({
    ...listAuthorizationHistoryOptions({ path: { lead_id: leadId, authorization_id: authorizationId } }),
    enabled,
  });
