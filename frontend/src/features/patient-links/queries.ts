import { useQuery } from "@tanstack/react-query";
import { listLeadLinksOptions } from "../../api/generated/@tanstack/react-query.gen";

export type { LinkOut } from "../../api/generated/types.gen";

export const useLeadLinks = (leadId: string) => useQuery(listLeadLinksOptions({ path: { lead_id: leadId } }));
