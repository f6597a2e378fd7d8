import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  cancelIntakeMutation,
  chooseIntakeFormMutation,
  createIntakeFormMutation,
  decideIntakeMutation,
  deleteIntakeFormMutation,
  getIntakeFormQueryKey,
  getIntakeQueryKey,
  openIntakeHereMutation,
  publishIntakeFormMutation,
  resendIntakeMutation,
  restoreIntakeFormMutation,
  sendIntakeMutation,
  showIntakeQrMutation,
  updateIntakeFormMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import type { FormDetail, IntakeDetail } from "../../api/generated/types.gen";
import { done, failed } from "../../shared/ui/notify";

const OF_A_LEAD = ["listIntakes", "getLead", "listTasks", "listTimeline", "listCards", "listLeadMessages"];

function useFresh() {
  const queries = useQueryClient();
  return (...names: string[]) =>
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

/** What shows the forms of a lead, fresh. */
export function useFreshIntakes() {
  const fresh = useFresh();
  return () => fresh("listIntakes", "getIntake");
}

function useIntakeChange(message: string) {
  const queries = useQueryClient();
  const fresh = useFresh();
  return {
    onSuccess: (intake: IntakeDetail) => {
      queries.setQueryData(getIntakeQueryKey({ path: { intake_id: intake.id } }), intake);
      if (message) done(message);
    },
    onError: failed,
    onSettled: () => fresh(...OF_A_LEAD),
  };
}

export const useSendIntake = () =>
  useMutation({ ...sendIntakeMutation(), ...useIntakeChange("The form is on its way") });
export const usePrepareIntake = () => useMutation({ ...sendIntakeMutation(), ...useIntakeChange("") });
export const useResendIntake = () =>
  useMutation({ ...resendIntakeMutation(), ...useIntakeChange("Texted again") });
export const useCancelIntake = () =>
  useMutation({ ...cancelIntakeMutation(), ...useIntakeChange("Form taken back") });
export const useDecideIntake = () =>
  useMutation({ ...decideIntakeMutation(), ...useIntakeChange("Chart updated") });
export const useShowQr = () => useMutation({ ...showIntakeQrMutation(), onError: failed });

/** This device is the patient's from here on; the desk is signed out on it. */
export const useHandOver = () =>
  useMutation({
    ...openIntakeHereMutation(),
    onSuccess: ({ path }) => window.location.replace(path),
    onError: failed,
  });

function useFormChange(message: string) {
  const queries = useQueryClient();
  const fresh = useFresh();
  return {
    onSuccess: (form: FormDetail) => {
      queries.setQueryData(getIntakeFormQueryKey({ path: { form_id: form.id } }), form);
      if (message) done(message);
    },
    onSettled: () => fresh("listIntakeForms"),
  };
}

export const useCreateForm = () =>
  useMutation({ ...createIntakeFormMutation(), ...useFormChange("Form added"), onError: failed });
/** Saved as one writes: only failures are told, by the editor. */
export const useSaveDraft = () => useMutation({ ...updateIntakeFormMutation(), ...useFormChange("") });
export const usePublishForm = () =>
  useMutation({ ...publishIntakeFormMutation(), ...useFormChange("Published"), onError: failed });
export const useRestoreForm = () =>
  useMutation({ ...restoreIntakeFormMutation(), ...useFormChange("Draft restored"), onError: failed });
export const useChooseForm = () =>
  useMutation({ ...chooseIntakeFormMutation(), ...useFormChange("Sent by default now"), onError: failed });
export function useDeleteForm() {
  const fresh = useFresh();
  return useMutation({
    ...deleteIntakeFormMutation(),
    onSuccess: () => done("Form deleted"),
    onError: failed,
    onSettled: () => fresh("listIntakeForms"),
  });
}
