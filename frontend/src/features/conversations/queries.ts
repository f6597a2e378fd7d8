import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countConversationsOptions,
  getConversationOptions,
  getConversationQueryKey,
  getLeadConversationQueryKey,
  getLeadOptions,
  getLeadTextingOptions,
  listConversationsInfiniteQueryKey,
  listFilledTemplatesOptions,
  listMessagesInfiniteQueryKey,
  listTypingOptions,
  listTypingQueryKey,
} from "../../api/generated/@tanstack/react-query.gen";
import {
  getConversation,
  getLeadConversation,
  listConversations,
  listMessages,
} from "../../api/generated/sdk.gen";
import type {
  ConversationPage,
  ListConversationsData,
  MessagePage,
  OpenConversation,
} from "../../api/generated/types.gen";
import { problemOf } from "../../api/problem";

export type {
  AttachmentOut,
  ConversationOut,
  ConversationPage,
  FilledTemplate,
  LeadOut,
  MessageOut,
  MessagePage,
  OpenConversation,
  PersonOut,
  UnderstoodOut,
  VerdictOut,
} from "../../api/generated/types.gen";

export type ListFilter = NonNullable<NonNullable<ListConversationsData["query"]>["filter"]>;
export type ListData = InfiniteData<ConversationPage, unknown>;
export type ThreadData = InfiniteData<MessagePage, unknown>;

/** The name of the operation a cache key belongs to. */
export const idOf = (key: readonly unknown[]) => (key[0] as { _id?: string })?._id ?? "";

const at = (id: string) => ({ path: { conversation_id: id } });
const next = (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined;

const listQuery = (filter: ListFilter, q: string) => ({ filter, q: q || undefined, limit: 50 });
export const listKey = (filter: ListFilter, q: string) =>
  listConversationsInfiniteQueryKey({ query: listQuery(filter, q) });
export const threadKey = (id: string) => listMessagesInfiniteQueryKey({ ...at(id), query: { limit: 50 } });
export const conversationKey = (id: string) => getConversationQueryKey(at(id));
export const leadConversationKey = (leadId: string) =>
  getLeadConversationQueryKey({ path: { lead_id: leadId } });
export const typingKey = (id: string) => listTypingQueryKey(at(id));

export const useConversations = (filter: ListFilter, q: string) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: listKey(filter, q),
      queryFn: async ({ pageParam, signal }) => {
        const query = { ...listQuery(filter, q), cursor: pageParam || undefined };
        return (await listConversations({ query, signal, throwOnError: true })).data;
      },
      initialPageParam: "",
      getNextPageParam: next,
    }),
  );

/** The newest page of a thread, or the one after a cursor. */
export async function fetchMessages(id: string, cursor = "", signal?: AbortSignal): Promise<MessagePage> {
  const query = { limit: 50, cursor: cursor || undefined };
  return (await listMessages({ ...at(id), query, signal, throwOnError: true })).data;
}

export const useThread = (id: string) =>
  useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: threadKey(id),
      queryFn: ({ pageParam, signal }) => fetchMessages(id, pageParam, signal),
      initialPageParam: "",
      getNextPageParam: next,
      // Live events keep it fresh; a refetch of every page would make it jump.
      refetchOnWindowFocus: false,
    }),
  );

export const useConversation = (id: string) => useQuery(getConversationOptions(at(id)));

/** A conversation as it is now; null when it is gone or not ours to see. */
export async function fetchConversation(id: string): Promise<OpenConversation | null> {
  try {
    return (await getConversation({ ...at(id), throwOnError: true })).data;
  } catch {
    return null;
  }
}

/** A lead's conversation; null before the first text. */
export const useLeadConversation = (leadId: string) =>
  useQuery({
    queryKey: leadConversationKey(leadId),
    queryFn: async ({ signal }): Promise<OpenConversation | null> => {
      try {
        return (await getLeadConversation({ path: { lead_id: leadId }, signal, throwOnError: true })).data;
      } catch (error) {
        if (problemOf(error).status === 404) return null;
        throw error;
      }
    },
  });

export const useLeadTexting = (leadId: string, enabled: boolean) =>
  useQuery({ ...getLeadTextingOptions({ path: { lead_id: leadId } }), enabled });

export const useTemplates = (id: string, enabled: boolean) =>
  useQuery({ ...listFilledTemplatesOptions(at(id)), enabled });

export const useTyping = (id: string) =>
  useQuery({
    ...listTypingOptions(at(id)),
    // Whoever stops typing without a word is forgotten after a few seconds.
    refetchInterval: ({ state }) => ((state.data?.names.length ?? 0) > 0 ? 3_000 : false),
    staleTime: 0,
    retry: false,
  });

export const useCounts = () => useQuery(countConversationsOptions());
export const useLead = (id: string) => useQuery(getLeadOptions({ path: { lead_id: id } }));
export const leadOptions = (id: string) => getLeadOptions({ path: { lead_id: id } });
