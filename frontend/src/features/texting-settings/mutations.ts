import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  checkPhoneLineMutation,
  createMessageTemplateMutation,
  createPhoneLineMutation,
  deleteMessageTemplateMutation,
  finishTokenRotationMutation,
  resumePhoneLineMutation,
  rotatePhoneLineTokenMutation,
  updateLineCallsMutation,
  updateMessageTemplateMutation,
  updateMessagingPolicyMutation,
  updatePhoneLineMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { problemOf } from "../../api/problem";
import { done, failed } from "../../shared/ui/notify";

function useFresh(...names: string[]) {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
}

/** Conflicts are shown where they happened, not as a passing message. */
function failedUnlessStale(error: unknown): void {
  if (problemOf(error).type !== "stale-version") failed(error);
}

export const useCreateTemplate = () =>
  useMutation({
    ...createMessageTemplateMutation(),
    onSuccess: () => done("Text added"),
    onError: failed,
    onSettled: useFresh("listMessageTemplates"),
  });
export const useUpdateTemplate = () =>
  useMutation({
    ...updateMessageTemplateMutation(),
    onSuccess: () => done("Saved"),
    onError: failedUnlessStale,
    onSettled: useFresh("listMessageTemplates"),
  });
export const useDeleteTemplate = () =>
  useMutation({
    ...deleteMessageTemplateMutation(),
    onSuccess: () => done("Removed"),
    onError: failed,
    onSettled: useFresh("listMessageTemplates"),
  });
export const useUpdatePolicy = () =>
  useMutation({
    ...updateMessagingPolicyMutation(),
    onSuccess: () => done("Saved. It holds from now on."),
    onError: failedUnlessStale,
    onSettled: useFresh("getMessagingPolicy"),
  });

const LINES = ["listPhoneLines", "getConversation", "getLeadConversation"];
export const useCreateLine = () =>
  useMutation({
    ...createPhoneLineMutation(),
    onSuccess: () => done("Number added. Enter its address at Twilio next."),
    onError: failed,
    onSettled: useFresh(...LINES),
  });
export const useUpdateLine = () =>
  useMutation({
    ...updatePhoneLineMutation(),
    onSuccess: () => done("Saved"),
    onError: failed,
    onSettled: useFresh(...LINES),
  });
export const useUpdateLineCalls = () =>
  useMutation({
    ...updateLineCallsMutation(),
    onSuccess: () => done("Saved. It holds from the next call on."),
    onError: failed,
    onSettled: useFresh("getLineCalls", ...LINES),
  });
export const useRotateToken = () =>
  useMutation({
    ...rotatePhoneLineTokenMutation(),
    onSuccess: () => done("We use the new token now"),
    onError: failed,
    onSettled: useFresh(...LINES),
  });
export const useFinishRotation = () =>
  useMutation({
    ...finishTokenRotationMutation(),
    onSuccess: () => done("The old token is forgotten"),
    onError: failed,
    onSettled: useFresh(...LINES),
  });
export const useResumeLine = () =>
  useMutation({
    ...resumePhoneLineMutation(),
    onSuccess: () => done("Automatic texts go out again"),
    onError: failed,
    onSettled: useFresh(...LINES),
  });
export const useCheckLine = () => useMutation({ ...checkPhoneLineMutation(), onError: failed });
