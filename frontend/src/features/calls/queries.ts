import { useQuery } from "@tanstack/react-query";
import { listLeadCallsOptions } from "../../api/generated/@tanstack/react-query.gen";

export type { CallOut } from "../../api/generated/types.gen";

export const useLeadCalls = (leadId: string, enabled = true) =>
  useQuery({ ...listLeadCallsOptions({ path: { lead_id: leadId } }), enabled });
