import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  getLineCallsOptions,
  getMessagingPolicyOptions,
  listConversationConsentsInfiniteOptions,
  listLeadConsentsInfiniteOptions,
  listLocationsOptions,
  listMessageTemplatesOptions,
  listPhoneLinesOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import { checkMessageTemplate } from "../../api/generated/sdk.gen";

export type {
  CheckedTemplate,
  ConsentOut,
  ConsequenceOut,
  LineCallsOut,
  LineCheckOut,
  PhoneLineOut,
  PolicyIn,
  PolicyOut,
  TemplateOut,
} from "../../api/generated/types.gen";

const pages = {
  initialPageParam: "",
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
};

export const useTemplates = () => useQuery(listMessageTemplatesOptions());
export const usePolicy = () => useQuery(getMessagingPolicyOptions());
export const usePhoneLines = (enabled = true) => useQuery({ ...listPhoneLinesOptions(), enabled });
export const useLineCalls = (id: string, enabled: boolean) =>
  useQuery({ ...getLineCallsOptions({ path: { line_id: id } }), enabled });
export const useClinics = () => useQuery({ ...listLocationsOptions(), staleTime: 5 * 60_000 });

/** What the linter says about a text while somebody types; the last answer stays until the next one comes. */
export function useTemplateCheck(key: string | null, body: string) {
  const [asked] = useDebouncedValue(body, 250);
  return useQuery({
    queryKey: [{ _id: "checkMessageTemplate" }, key, asked],
    queryFn: async ({ signal }) =>
      (await checkMessageTemplate({ body: { key, body: asked }, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  }).data;
}

/** Whether something forbids the text. */
export const forbidden = (check: { problems: { level: string }[] } | undefined) =>
  check?.problems.some((item) => item.level === "error") ?? false;

/** The consent ledger of a conversation's or a lead's phone. */
export function useConsents(of: { conversationId: string } | { leadId: string }) {
  const conversationId = "conversationId" in of ? of.conversationId : "";
  const leadId = "leadId" in of ? of.leadId : "";
  const ofConversation = useInfiniteQuery({
    ...listConversationConsentsInfiniteOptions({ path: { conversation_id: conversationId } }),
    ...pages,
    enabled: conversationId !== "",
  });
  const ofLead = useInfiniteQuery({
    ...listLeadConsentsInfiniteOptions({ path: { lead_id: leadId } }),
    ...pages,
    enabled: leadId !== "",
  });
  return conversationId ? ofConversation : ofLead;
}
