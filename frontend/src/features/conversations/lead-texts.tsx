import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useEffect, useRef } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { messagesOf } from "./cache";
import { Composer } from "./composer";
import classes from "./lead-texts.module.css";
import { type OpenConversation, useLead, useLeadConversation, useLeadTexting, useThread } from "./queries";
import { ThreadItem } from "./thread-item";
import { TypingLine } from "./typing-line";
import { useLiveThread } from "./use-live-conversations";

interface Props {
  leadId: string;
  /** The patient's number; texts need one. */
  phone: string | null;
}

const LATEST = 5;

/** The last texts with a lead's patient, and the composer, in the drawer. Works before the first text too. */
export function LeadTexts({ leadId, phone }: Props) {
  const found = useLeadConversation(leadId);
  if (found.isPending) return <Loading label="Loading texts" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  if (found.data) return <Recent conversation={found.data} leadId={leadId} />;
  if (!phone) {
    return (
      <Text size="sm" c="dimmed" mb="sm">
        No phone number is known. Add one under Patient to text or call.
      </Text>
    );
  }
  return <First leadId={leadId} phone={phone} />;
}

function First({ leadId, phone }: { leadId: string; phone: string }) {
  const texting = useLeadTexting(leadId, true);
  if (texting.isPending) return <Loading label="Asking whether texts may be sent" />;
  if (texting.isError) return <Failed error={texting.error} retry={() => texting.refetch()} />;
  return (
    <div className={classes.box}>
      <p className={classes.none}>No texts yet.</p>
      <Composer
        target={{ kind: "lead", id: leadId }}
        conversation={null}
        verdict={texting.data.verdict}
        consent={texting.data.consent}
        phone={phone}
        templates={texting.data.templates}
      />
    </div>
  );
}

function Recent({ conversation, leadId }: { conversation: OpenConversation; leadId: string }) {
  const lead = useLead(leadId).data;
  const thread = useThread(conversation.id);
  useLiveThread(conversation.id);
  const all = messagesOf(thread.data);
  const shown = all.slice(-LATEST);
  const lastIn = all.findLast((message) => message.direction === "in")?.id;
  const list = useRef<HTMLOListElement>(null);
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    if (newest && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [newest]);
  return (
    <div className={classes.box}>
      <div className={classes.head}>
        <Text size="xs" c="dimmed">
          {all.length > shown.length || thread.hasNextPage ? `The last ${shown.length}` : ""}
          {conversation.people.length > 1 && " Shared phone: say whom you mean."}
        </Text>
        <Link
          to="/inbox/$conversationId"
          params={{ conversationId: conversation.id }}
          search={{ filter: "all" }}
          className={classes.link}
        >
          Open in Inbox <ExternalLink size={12} aria-hidden />
        </Link>
      </div>
      {thread.isPending && <Loading label="Loading texts" />}
      {thread.isError && <Failed error={thread.error} retry={() => thread.refetch()} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ol ref={list} className={classes.items} aria-label="Latest texts" data-thread tabIndex={0}>
        {shown.map((message) => (
          <ThreadItem
            key={message.id}
            message={message}
            leads={lead ? [lead] : []}
            actionable={conversation.waiting && message.id === lastIn}
            conversationId={conversation.id}
          />
        ))}
      </ol>
      <TypingLine id={conversation.id} />
      <Composer
        target={{ kind: "conversation", id: conversation.id }}
        conversation={conversation}
        verdict={conversation.verdict}
        consent={conversation.consent}
        phone={conversation.phone}
      />
    </div>
  );
}
