import { useMutation, useQueryClient } from "@tanstack/react-query";
import { retryAttachmentMutation } from "../../api/generated/@tanstack/react-query.gen";
import { uploadAttachment } from "../../api/generated/sdk.gen";
import { failed } from "../../shared/ui/notify";
import { idOf } from "./queries";

export function useUploadFile() {
  return useMutation({
    mutationFn: async ({ conversationId, file }: { conversationId: string; file: File }) => {
      const path = { conversation_id: conversationId };
      return (await uploadAttachment({ path, body: { file }, throwOnError: true })).data;
    },
    onError: failed,
  });
}

export function useRetryAttachment() {
  const queries = useQueryClient();
  return useMutation({
    ...retryAttachmentMutation(),
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => idOf(queryKey) === "listMessages" }),
    onError: failed,
  });
}
