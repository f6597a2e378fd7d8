import { useQuery } from "@tanstack/react-query";
import {
  listAppointmentTypesOptions,
  listCliniciansOptions,
  listWaitlistOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { WaitlistIn, WaitlistOut } from "../../api/generated/types.gen";

const RARELY = { staleTime: 5 * 60_000 };

export const useWaitlist = (locationId?: string) =>
  useQuery(listWaitlistOptions({ query: { location_id: locationId } }));
export const useLeadWaitlist = (leadId: string) =>
  useQuery(listWaitlistOptions({ query: { lead_id: leadId } }));
export const useTypes = () => useQuery({ ...listAppointmentTypesOptions(), ...RARELY });
export const useClinicians = () => useQuery({ ...listCliniciansOptions(), ...RARELY });
