import { useMutation, useQueryClient } from "@tanstack/react-query";
import { newMutationId } from "../../api/client";
import {
  cancelAppointmentMutation,
  checkInAppointmentMutation,
  confirmAppointmentMutation,
  getAppointmentQueryKey,
  noShowAppointmentMutation,
  undoAppointmentMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { bookAppointment, rescheduleAppointment } from "../../api/generated/sdk.gen";
import type { AppointmentIn, AppointmentOut, RescheduleIn } from "../../api/generated/types.gen";
import { announce } from "../../shared/a11y/announce";
import { momentIn } from "../../shared/lib/zones";
import { done, failed } from "../../shared/ui/notify";
import { freshenAppointment, freshenAppointments, patchSpans } from "./queries";

const LEAD = new Set([
  "getLead",
  "getBoard",
  "listCards",
  "getCard",
  "listTasks",
  "listTimeline",
  "getLeadSequence",
  "listEpisodes",
  "getEpisode",
  "listInCare",
  "getPlanBoard",
]);

/** After a change: the appointment as answered, what shows it fresh, and its lead, which may have moved. */
function useAfter() {
  const queries = useQueryClient();
  return (appointment: AppointmentOut, message: string) => {
    const path = { appointment_id: appointment.id };
    queries.setQueryData(getAppointmentQueryKey({ path }), appointment);
    patchSpans(queries, appointment.id, () => appointment);
    freshenAppointments(queries);
    queries.invalidateQueries({
      predicate: (query) => LEAD.has((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
    done(message);
    announce(message);
  };
}

const whose = (item: AppointmentOut) => item.patient_display_name ?? "The appointment";

/** Book. Whoever asks shows what a conflict says. */
export function useBookVisit() {
  const after = useAfter();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: AppointmentIn) => {
      const headers = { "Idempotency-Key": crypto.randomUUID(), "X-Mutation-Id": newMutationId() };
      return (await bookAppointment({ body, headers, throwOnError: true })).data;
    },
    onSuccess: (item) => after(item, `${whose(item)} booked for ${momentIn(item.timezone, item.starts_at)}`),
    onError: () => freshenAppointments(queries),
  });
}

export interface Move {
  appointment: AppointmentOut;
  to: Omit<RescheduleIn, "version">;
  /** How it looks there until the server has answered. */
  shown?: Partial<AppointmentOut>;
}

/** Move at once on the screen; the server's answer decides, and a conflict puts it back. */
export function useMoveVisit() {
  const after = useAfter();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ appointment, to }: Move) => {
      const headers = { "Idempotency-Key": crypto.randomUUID(), "X-Mutation-Id": newMutationId() };
      const path = { appointment_id: appointment.id };
      const body = { ...to, version: appointment.version };
      return (await rescheduleAppointment({ path, body, headers, throwOnError: true })).data;
    },
    onMutate: ({ appointment, shown }) => {
      if (shown) patchSpans(queries, appointment.id, (before) => ({ ...before, ...shown }));
    },
    onSuccess: (item) => after(item, `${whose(item)} moved to ${momentIn(item.timezone, item.starts_at)}`),
    onError: (_, { appointment }) => {
      patchSpans(queries, appointment.id, () => appointment);
      freshenAppointment(queries, appointment.id);
      freshenAppointments(queries);
    },
  });
}

function useOutcome(message: (item: AppointmentOut) => string) {
  const after = useAfter();
  const queries = useQueryClient();
  return {
    onSuccess: (item: AppointmentOut) => after(item, message(item)),
    onError: (error: unknown) => {
      failed(error);
      freshenAppointments(queries);
    },
  };
}

export const useCheckIn = () =>
  useMutation({ ...checkInAppointmentMutation(), ...useOutcome((item) => `${whose(item)} is here`) });
export const useNoShow = () =>
  useMutation({
    ...noShowAppointmentMutation(),
    ...useOutcome((item) => `${whose(item)} noted as a no-show`),
  });
export const useConfirmVisit = () =>
  useMutation({ ...confirmAppointmentMutation(), ...useOutcome((item) => `${whose(item)} confirmed`) });
export const useCancelVisit = () =>
  useMutation({ ...cancelAppointmentMutation(), ...useOutcome((item) => `${whose(item)} canceled`) });
export const useUndoVisit = () =>
  useMutation({
    ...undoAppointmentMutation(),
    ...useOutcome((item) => `${whose(item)} is booked again, as before`),
  });

/** What can be noted with one click. */
export const useOutcomes = () => ({ checkIn: useCheckIn(), noShow: useNoShow(), confirm: useConfirmVisit() });
