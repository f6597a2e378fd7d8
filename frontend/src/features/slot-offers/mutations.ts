import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  bookAppointmentMutation,
  getVisitTextsQueryKey,
  offerSlotsMutation,
  updateVisitTextsMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const OF_A_LEAD = [
  "getFirstSlots",
  "listSlotOffers",
  "getLead",
  "getLeadConversation",
  "listMessages",
  "listTimeline",
  "listTasks",
  "listAppointments",
];

/** Whatever shows the lead's times or texts asks again. */
export function useFreshOffers() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => OF_A_LEAD.includes((queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

const SENT: Record<string, string> = {
  held: "The text waits: it goes out as soon as it may",
  blocked: "This patient may not be texted",
};

export function useOfferSlots() {
  const fresh = useFreshOffers();
  return useMutation({
    ...offerSlotsMutation(),
    onSuccess: (offer) => done(SENT[offer.message_status ?? ""] ?? "Times offered by text"),
    onError: failed,
    onSettled: fresh,
  });
}

export function useBookSuggested() {
  const fresh = useFreshOffers();
  return useMutation({
    ...bookAppointmentMutation(),
    onSuccess: () => done("Booked"),
    onError: failed,
    onSettled: fresh,
  });
}

export function useSaveVisitTexts() {
  const queries = useQueryClient();
  return useMutation({
    ...updateVisitTextsMutation(),
    onSuccess: (saved) => {
      queries.setQueryData(getVisitTextsQueryKey(), saved);
      done("Saved");
    },
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: getVisitTextsQueryKey() }),
  });
}
