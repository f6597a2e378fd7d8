import { type Query, type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { newMutationId } from "../../api/client";
import {
  assignConversationMutation,
  cancelMessageMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import {
  addConversationNote,
  checkLeadMessage,
  checkMessage,
  noteTyping,
  readConversation,
  recordConsent,
  recordLeadConsent,
  seeMentions,
  sendLeadMessage,
  sendMessage,
} from "../../api/generated/sdk.gen";
import type { CheckOut, MessageOut, OpenConversation } from "../../api/generated/types.gen";
import { announce } from "../../shared/a11y/announce";
import { failed } from "../../shared/ui/notify";
import { changed, withMessage, withNewest } from "./cache";
import {
  conversationKey,
  fetchConversation,
  fetchMessages,
  idOf,
  type ListData,
  type ListFilter,
  leadConversationKey,
  type ThreadData,
  threadKey,
} from "./queries";

/** Where a text goes: into a thread, or to a lead nobody has texted with yet. */
export interface Target {
  kind: "conversation" | "lead";
  id: string;
}

const FOLLOWING = new Set(["countConversations", "getLeadConversation"]);

/** An answer still on its way may be older than what we just put in its place: ask once more. */
function again(queries: QueryClient, query: Query | undefined): void {
  if (query?.state.fetchStatus === "fetching") queries.invalidateQueries({ queryKey: query.queryKey });
}

/** Put a conversation wherever it is shown. */
export function place(queries: QueryClient, found: OpenConversation): void {
  queries.setQueryData<OpenConversation>(conversationKey(found.id), (known) =>
    known && known.version > found.version ? known : found,
  );
  for (const query of queries.getQueryCache().findAll({
    predicate: ({ queryKey }) => idOf(queryKey) === "listConversations",
  })) {
    const asked = (query.queryKey[0] as { query?: { filter?: ListFilter; q?: string } }).query;
    queries.setQueryData<ListData>(
      query.queryKey,
      (data) => data && changed(data, found, asked?.filter ?? "all", Boolean(asked?.q)),
    );
    again(queries, query);
  }
  queries.invalidateQueries({ predicate: ({ queryKey }) => FOLLOWING.has(idOf(queryKey)) });
}

/** A conversation as it is now, in every list and on its own. */
export async function refreshConversation(queries: QueryClient, id: string): Promise<void> {
  const found = await fetchConversation(id);
  if (found) place(queries, found);
}

/** The newest of a thread that is shown; one that is not is loaded when it is opened. */
export async function refreshThread(queries: QueryClient, id: string): Promise<void> {
  const query = queries.getQueryCache().find({ queryKey: threadKey(id) });
  again(queries, query);
  if (!query?.state.data) return;
  const newest = await fetchMessages(id);
  queries.setQueryData<ThreadData>(threadKey(id), (data) => withNewest(data, newest));
}

function usePlaced(message: string) {
  const queries = useQueryClient();
  return {
    onSuccess: (found: OpenConversation) => {
      place(queries, found);
      refreshThread(queries, found.id);
      announce(message);
    },
    onError: failed,
  };
}

export const useAssign = () => useMutation({ ...assignConversationMutation(), ...usePlaced("Handed over") });

interface Said {
  target: Target;
  status: "granted" | "revoked";
  method: "verbal" | "form" | "paper";
  note: string;
}

export const useRecordConsent = () =>
  useMutation({
    mutationFn: async ({ target, ...body }: Said): Promise<OpenConversation> => {
      if (target.kind === "lead") {
        return (await recordLeadConsent({ path: { lead_id: target.id }, body, throwOnError: true })).data;
      }
      const path = { conversation_id: target.id };
      return (await recordConsent({ path, body, throwOnError: true })).data;
    },
    ...usePlaced("Noted"),
  });

/** Seen, or (`settled`) ticked off. Who may not answer can still see what names them. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, settled, may }: { id: string; settled: boolean; may: boolean }) => {
      const path = { conversation_id: id };
      if (may) return (await readConversation({ path, body: { settled }, throwOnError: true })).data;
      await seeMentions({ path, throwOnError: true });
      return fetchConversation(id);
    },
    onSuccess: (found, { settled }) => {
      if (found) place(queries, found);
      if (settled) announce("Ticked off");
    },
    onError: (error, { settled }) => settled && failed(error),
  });
}

interface Sent {
  target: Target;
  body?: string;
  files?: string[];
  templateId?: string;
  sendAt?: string;
  /** One key per text: pressing twice sends once. */
  key: string;
}

function useAfterMessage() {
  const queries = useQueryClient();
  return (message: MessageOut, target: Target) => {
    const id = message.conversation_id;
    queries.setQueryData<ThreadData>(threadKey(id), (data) => withMessage(data, message));
    refreshConversation(queries, id);
    if (target.kind === "lead") queries.invalidateQueries({ queryKey: leadConversationKey(target.id) });
  };
}

export function useSend() {
  const after = useAfterMessage();
  return useMutation({
    mutationFn: async ({ target, body, files, templateId, sendAt, key }: Sent): Promise<MessageOut> => {
      const headers = { "Idempotency-Key": key };
      const text = { body, attachment_ids: files, template_id: templateId, send_at: sendAt };
      if (target.kind === "lead") {
        const path = { lead_id: target.id };
        return (await sendLeadMessage({ path, body: text, headers, throwOnError: true })).data;
      }
      const path = { conversation_id: target.id };
      return (await sendMessage({ path, body: text, headers, throwOnError: true })).data;
    },
    onSuccess: (message, { target }) => after(message, target),
    onError: failed,
  });
}

export function useAddNote() {
  const after = useAfterMessage();
  return useMutation({
    mutationFn: async (note: { id: string; body: string; mentions: string[]; key: string }) => {
      const { data } = await addConversationNote({
        path: { conversation_id: note.id },
        body: { body: note.body, mentions: note.mentions },
        headers: { "Idempotency-Key": note.key },
        throwOnError: true,
      });
      return data;
    },
    onSuccess: (message, { id }) => after(message, { kind: "conversation", id }),
    onError: failed,
  });
}

export function useCancel() {
  const after = useAfterMessage();
  const queries = useQueryClient();
  return useMutation({
    ...cancelMessageMutation(),
    onSuccess: (message) => {
      after(message, { kind: "conversation", id: message.conversation_id });
      announce("Taken back");
    },
    onError: (error) => {
      failed(error);
      queries.invalidateQueries({ predicate: ({ queryKey }) => idOf(queryKey) === "listMessages" });
    },
  });
}

/** What the linter says about a text. */
export async function check(target: Target, body: string): Promise<CheckOut> {
  if (target.kind === "lead") {
    return (await checkLeadMessage({ path: { lead_id: target.id }, body: { body }, throwOnError: true }))
      .data;
  }
  const path = { conversation_id: target.id };
  return (await checkMessage({ path, body: { body }, throwOnError: true })).data;
}

/** Tell colleagues that we type here, or have stopped. Nothing is lost when it fails. */
export function tellTyping(id: string, active: boolean): void {
  noteTyping({
    path: { conversation_id: id },
    body: { active },
    headers: { "X-Mutation-Id": newMutationId() },
  }).catch(() => undefined);
}
