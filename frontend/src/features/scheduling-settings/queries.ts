import { useQuery } from "@tanstack/react-query";
import {
  getAvailabilityOptions,
  getSchedulingSettingsOptions,
  listAppointmentTypesOptions,
  listBlockedTimesOptions,
  listBookingRulesOptions,
  listCalendarFeedsOptions,
  listCliniciansOptions,
  listExceptionsOptions,
  listResourcesOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  AppointmentTypeIn,
  AppointmentTypeOut,
  AvailabilityIn,
  BlockedTimeOut,
  BookingRuleIn,
  BookingRuleOut,
  ClinicianIn,
  ClinicianOut,
  ClinicSettingsOut,
  ExceptionIn,
  ExceptionOut,
  FeedIn,
  FeedOut,
  NewBlockedTimeIn,
  OfferingOut,
  ResourceIn,
  ResourceOut,
  SettingsOut,
  WeekOut,
} from "../../api/generated/types.gen";

export const useTypes = () => useQuery(listAppointmentTypesOptions());
export const useClinicians = () => useQuery(listCliniciansOptions());
export const useRooms = () => useQuery(listResourcesOptions());
export const useRules = () => useQuery(listBookingRulesOptions());
export const useOffering = () => useQuery(getSchedulingSettingsOptions());
export const useWeek = (clinicianId: string) =>
  useQuery(getAvailabilityOptions({ path: { clinician_id: clinicianId } }));
export const useExceptions = (clinicianId: string, from: string) =>
  useQuery(listExceptionsOptions({ path: { clinician_id: clinicianId }, query: { from } }));
export const useBlocked = (from: string) => useQuery(listBlockedTimesOptions({ query: { from } }));
export const useFeeds = () => useQuery(listCalendarFeedsOptions());
