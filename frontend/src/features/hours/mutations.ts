import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addHolidayPresetMutation,
  createHolidayMutation,
  deleteHolidayMutation,
  updateEscalationMutation,
  updateFirstContactTargetsMutation,
  updateLocationHoursMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

/** Hours and holidays decide clocks and due words all over the app. */
const FOLLOWS = new Set(["listTasks", "countTasks", "getLead", "listCards"]);

function useFresh(name: string) {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => {
        const id = (query.queryKey[0] as { _id?: string })?._id ?? "";
        return id === name || FOLLOWS.has(id);
      },
    });
}

export const useSaveHours = () =>
  useMutation({
    ...updateLocationHoursMutation(),
    onSuccess: () => done("Hours saved"),
    onError: failed,
    onSettled: useFresh("getLocationHours"),
  });
export const useAddHoliday = () =>
  useMutation({
    ...createHolidayMutation(),
    onSuccess: (day) => done(`${day.name} added`),
    onError: failed,
    onSettled: useFresh("listHolidays"),
  });
export const useAddPreset = () =>
  useMutation({
    ...addHolidayPresetMutation(),
    onSuccess: ({ items }) =>
      done(items.length ? `${items.length} days added` : "All of them are listed already"),
    onError: failed,
    onSettled: useFresh("listHolidays"),
  });
export const useRemoveHoliday = () =>
  useMutation({
    ...deleteHolidayMutation(),
    onSuccess: () => done("Removed"),
    onError: failed,
    onSettled: useFresh("listHolidays"),
  });
export const useSaveTargets = () =>
  useMutation({
    ...updateFirstContactTargetsMutation(),
    onSuccess: () => done("Saved. Clocks that run follow at once."),
    onError: failed,
    onSettled: useFresh("getFirstContactTargets"),
  });
export const useSaveEscalation = () =>
  useMutation({
    ...updateEscalationMutation(),
    onSuccess: () => done("Chain saved"),
    onError: failed,
    onSettled: useFresh("getEscalation"),
  });
