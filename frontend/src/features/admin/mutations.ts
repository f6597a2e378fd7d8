import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createApiKeyMutation,
  replayDeliveryMutation,
  replayJobMutation,
  revokeApiKeyMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

function useFresh(name: string) {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: (query) => (query.queryKey[0] as { _id?: string })?._id === name,
    });
}

export const useReplayJob = () =>
  useMutation({
    ...replayJobMutation(),
    onSuccess: () => done("Running again"),
    onError: failed,
    onSettled: useFresh("listJobs"),
  });
export const useReplayDelivery = () =>
  useMutation({
    ...replayDeliveryMutation(),
    onSuccess: () => done("Processing again"),
    onError: failed,
    onSettled: useFresh("listDeliveries"),
  });
export const useCreateApiKey = () =>
  useMutation({ ...createApiKeyMutation(), onError: failed, onSettled: useFresh("listApiKeys") });
export const useRevokeApiKey = () =>
  useMutation({
    ...revokeApiKeyMutation(),
    onSuccess: () => done("Revoked"),
    onError: failed,
    onSettled: useFresh("listApiKeys"),
  });
