import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createHl7SenderMutation,
  createMailboxMutation,
  listHl7SendersQueryKey,
  listMailboxesQueryKey,
  lookIntoMailboxMutation,
  updateHl7SenderMutation,
  updateMailboxMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { done, failed } from "../../shared/ui/notify";

export function useSaveMailbox() {
  const queries = useQueryClient();
  const settled = {
    onSuccess: () => done("Mailbox saved"),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: listMailboxesQueryKey() }),
  };
  return {
    create: useMutation({ ...createMailboxMutation(), ...settled }),
    update: useMutation({ ...updateMailboxMutation(), ...settled }),
  };
}

export function useLookIntoMailbox() {
  const queries = useQueryClient();
  return useMutation({
    ...lookIntoMailboxMutation(),
    onSuccess: () => done("Looking now"),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: listMailboxesQueryKey() }),
  });
}

export function useSaveSender() {
  const queries = useQueryClient();
  const settled = {
    onSuccess: () => done("Interface saved"),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: listHl7SendersQueryKey() }),
  };
  return {
    create: useMutation({ ...createHl7SenderMutation(), ...settled }),
    update: useMutation({ ...updateHl7SenderMutation(), ...settled }),
  };
}
