import { useQuery } from "@tanstack/react-query";
import {
  getFirstSlotsOptions,
  getVisitTextsOptions,
  listSlotOffersOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  FirstSlotsOut,
  LeadOut,
  SlotOfferOut,
  SlotOut,
  VisitTextsOut,
} from "../../api/generated/types.gen";

/** Times are promises: never shown from a minute ago without asking again. */
export const useFirstSlots = (leadId: string, enabled: boolean) =>
  useQuery({
    ...getFirstSlotsOptions({ path: { lead_id: leadId } }),
    enabled,
    staleTime: 15_000,
    retry: false,
  });

export const useSlotOffers = (leadId: string) =>
  useQuery({ ...listSlotOffersOptions({ path: { lead_id: leadId } }), staleTime: 15_000 });

export const useVisitTexts = () => useQuery(getVisitTextsOptions());
