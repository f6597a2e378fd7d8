import { Button, Text } from "@mantine/core";
import { MessageSquare } from "lucide-react";
import type { ReactNode } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { MessageCard } from "./message-card";
import classes from "./messages.module.css";
import { useMessages, type Which } from "./queries";

/** What waits for an answer, for the queue. */
export function WaitingMessages() {
  return (
    <Messages
      which={{ waiting: true }}
      by
      about
      nothing={
        <Empty icon={<MessageSquare size={34} color="#0f766e" />} title="Nobody waits for an answer">
          What offices write on their page appears here.
        </Empty>
      }
    />
  );
}

/** Everything one referrer wrote, for their page. */
export function ReferrerMessages({ referrerId }: { referrerId: string }) {
  return (
    <Messages
      which={{ referrer_id: referrerId }}
      about
      nothing={
        <Text size="sm" c="dimmed">
          They wrote nothing on their page yet.
        </Text>
      }
    />
  );
}

/** What was written about one lead; nothing where there is nothing. */
export function LeadMessages({ leadId }: { leadId: string }) {
  return <Messages which={{ lead_id: leadId }} by quiet nothing={null} />;
}

interface Props {
  which: Which;
  by?: boolean;
  about?: boolean;
  quiet?: boolean;
  nothing: ReactNode;
}

function Messages({ which, by = false, about = false, quiet = false, nothing }: Props) {
  const messages = useMessages(which);
  if (messages.isPending) return quiet ? null : <Loading label="Loading messages" />;
  if (messages.isError) return <Failed error={messages.error} retry={() => messages.refetch()} />;
  const items = messages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return nothing;
  return (
    <>
      <ul className={`${classes.list} ${quiet ? "" : classes.queue}`} aria-label="Messages from the office">
        {items.map((message) => (
          <MessageCard key={message.id} message={message} by={by} about={about} />
        ))}
      </ul>
      {messages.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          my="sm"
          loading={messages.isFetchingNextPage}
          onClick={() => messages.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </>
  );
}
