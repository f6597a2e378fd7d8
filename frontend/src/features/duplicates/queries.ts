import { useQuery } from "@tanstack/react-query";
import { listDuplicatesOptions } from "../../api/generated/@tanstack/react-query.gen";
import { findDuplicates } from "../../api/generated/sdk.gen";
import type { SomebodyIn } from "../../api/generated/types.gen";

export type { DuplicateOut, LeadOut, MergeOut, PatientOut, SomebodyIn } from "../../api/generated/types.gen";

export const useDuplicates = (leadId: string) =>
  useQuery({ ...listDuplicatesOptions({ path: { lead_id: leadId } }), staleTime: 15_000 });

/** Who somebody may be, as far as they are typed in; nothing is asked before there is something to compare. */
export function usePeopleLike(somebody: SomebodyIn) {
  const enough = Boolean(
    (somebody.first_name && somebody.last_name) || somebody.phone || somebody.email || somebody.member_id,
  );
  return useQuery({
    // Asked by POST, so that no name or phone number is ever part of an address.
    queryKey: [{ _id: "findDuplicates", somebody }],
    queryFn: async ({ signal }) =>
      (await findDuplicates({ body: somebody, signal, throwOnError: true })).data,
    enabled: enough,
    staleTime: 30_000,
    retry: false,
    placeholderData: (before) => before,
  });
}
