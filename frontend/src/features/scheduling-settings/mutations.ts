import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createAppointmentTypeMutation,
  createBlockedTimeMutation,
  createBookingRuleMutation,
  createCalendarFeedMutation,
  createClinicianMutation,
  createExceptionMutation,
  createResourceMutation,
  deleteBlockedTimeMutation,
  deleteBookingRuleMutation,
  deleteExceptionMutation,
  revokeCalendarFeedMutation,
  rotateCalendarFeedMutation,
  updateAppointmentTypeMutation,
  updateAvailabilityMutation,
  updateBlockedTimeMutation,
  updateBookingRuleMutation,
  updateClinicianMutation,
  updateClinicSchedulingSettingsMutation,
  updateResourceMutation,
  updateSchedulingSettingsMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

const SHOWING = new Set([
  "listAppointmentTypes",
  "listClinicians",
  "listResources",
  "listBookingRules",
  "getSchedulingSettings",
  "getAvailability",
  "listExceptions",
  "listBlockedTimes",
  "listOpenTimes",
  "listSlots",
  "listCalendarFeeds",
]);

/** What is said afterwards; everything that follows from these settings is asked for again. */
function useSaid(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: () => done(message),
    onError: failed,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: (query) => SHOWING.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
      }),
  };
}

export const useAddType = () => useMutation({ ...createAppointmentTypeMutation(), ...useSaid("Added") });
export const useChangeType = () => useMutation({ ...updateAppointmentTypeMutation(), ...useSaid("Saved") });
export const useAddClinician = () => useMutation({ ...createClinicianMutation(), ...useSaid("Added") });
export const useChangeClinician = () => useMutation({ ...updateClinicianMutation(), ...useSaid("Saved") });
export const useSaveWeek = () => useMutation({ ...updateAvailabilityMutation(), ...useSaid("Hours saved") });
export const useAddException = () => useMutation({ ...createExceptionMutation(), ...useSaid("Added") });
export const useRemoveException = () => useMutation({ ...deleteExceptionMutation(), ...useSaid("Removed") });
export const useAddRoom = () => useMutation({ ...createResourceMutation(), ...useSaid("Added") });
export const useChangeRoom = () => useMutation({ ...updateResourceMutation(), ...useSaid("Saved") });
export const useBlock = () => useMutation({ ...createBlockedTimeMutation(), ...useSaid("Blocked") });
export const useChangeBlock = () => useMutation({ ...updateBlockedTimeMutation(), ...useSaid("Saved") });
export const useUnblock = () => useMutation({ ...deleteBlockedTimeMutation(), ...useSaid("Free again") });
export const useAddRule = () => useMutation({ ...createBookingRuleMutation(), ...useSaid("Rule added") });
export const useChangeRule = () => useMutation({ ...updateBookingRuleMutation(), ...useSaid("Saved") });
export const useRemoveRule = () =>
  useMutation({ ...deleteBookingRuleMutation(), ...useSaid("Rule removed") });
export const useSaveOffering = () =>
  useMutation({ ...updateSchedulingSettingsMutation(), ...useSaid("Saved") });
export const useSaveClinicOffering = () =>
  useMutation({ ...updateClinicSchedulingSettingsMutation(), ...useSaid("Saved") });
export const useAddFeed = () => useMutation({ ...createCalendarFeedMutation(), ...useSaid("Feed made") });
export const useRotateFeed = () =>
  useMutation({ ...rotateCalendarFeedMutation(), ...useSaid("The old address is gone") });
export const useRevokeFeed = () =>
  useMutation({ ...revokeCalendarFeedMutation(), ...useSaid("The feed is gone") });
