import { useQuery } from "@tanstack/react-query";
import {
  getEscalationOptions,
  getFirstContactTargetsOptions,
  getLocationHoursOptions,
  listHolidaysOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  EscalationOut,
  FirstContactTargetsOut,
  HolidayOut,
  HoursOut,
  OwnerOut,
  WeekdaySpanOut,
} from "../../api/generated/types.gen";

export const useHours = (locationId: string) =>
  useQuery(getLocationHoursOptions({ path: { location_id: locationId } }));
export const useHolidays = (year: number) => useQuery(listHolidaysOptions({ query: { year } }));
export const useTargets = () => useQuery(getFirstContactTargetsOptions());
export const useEscalation = (locationId: string | null) =>
  useQuery(getEscalationOptions({ query: { location_id: locationId ?? undefined } }));
