import { Button, Loader } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { Failed, Loading } from "../../shared/ui/states";
import { messagesOf } from "./cache";
import { leadOptions, type MessageOut, type OpenConversation, useThread } from "./queries";
import classes from "./thread.module.css";
import { ThreadItem } from "./thread-item";
import { TypingLine } from "./typing-line";
import { dayName, nameOf } from "./wording";

const NEAR = 80;

/** The thread, the oldest on top. Older texts load on the way up; the place read stays where it is. */
export function Thread({ conversation }: { conversation: OpenConversation }) {
  const thread = useThread(conversation.id);
  const messages = messagesOf(thread.data);
  if (thread.isPending) {
    return (
      <div className={classes.scroller}>
        <Loading label="Loading the thread" />
      </div>
    );
  }
  if (thread.isError) {
    return (
      <div className={classes.scroller}>
        <Failed error={thread.error} retry={() => thread.refetch()} />
      </div>
    );
  }
  return <Messages conversation={conversation} messages={messages} thread={thread} />;
}

interface Props {
  conversation: OpenConversation;
  messages: MessageOut[];
  thread: ReturnType<typeof useThread>;
}

function Messages({ conversation, messages, thread }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { away, toEnd, onScroll } = useSteady(scroller, messages);
  useAnnounced(messages, nameOf(conversation));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = thread;
  const open = useOpenLeads(conversation);
  const lastIn = messages.findLast((message) => message.direction === "in")?.id;
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        data-thread
        className={classes.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Thread"
        onScroll={(event) => {
          onScroll();
          const top = event.currentTarget.scrollTop;
          if (top < 300 && hasNextPage && !isFetchingNextPage) fetchNextPage();
        }}
      >
        <div className={classes.older}>
          {isFetchingNextPage && <Loader size="xs" aria-label="Loading older texts" />}
          {hasNextPage && !isFetchingNextPage && (
            <Button size="compact-xs" variant="subtle" onClick={() => fetchNextPage()}>
              Show older
            </Button>
          )}
        </div>
        {messages.length === 0 && <p className={classes.none}>No texts yet.</p>}
        <ol className={classes.items}>
          {messages.map((message, index) => {
            const day = dayName(message.created_at);
            const before = messages[index - 1];
            return (
              <Fragment key={message.id}>
                {(!before || dayName(before.created_at) !== day) && (
                  <li className={classes.day}>
                    <span>{day}</span>
                  </li>
                )}
                <ThreadItem
                  message={message}
                  leads={open}
                  actionable={conversation.waiting && message.id === lastIn}
                  conversationId={conversation.id}
                />
              </Fragment>
            );
          })}
        </ol>
      </div>
      {away && (
        <Button
          size="compact-sm"
          radius="xl"
          className={classes.toEnd}
          leftSection={<ArrowDown size={14} />}
          onClick={toEnd}
        >
          {away === "news" ? "New text" : "To the newest"}
        </Button>
      )}
      <TypingLine id={conversation.id} />
    </div>
  );
}

/** The open leads of everyone at this phone. */
function useOpenLeads(conversation: OpenConversation) {
  const ids = conversation.people.flatMap((person) => (person.lead_id ? [person.lead_id] : []));
  return useQueries({
    queries: ids.map(leadOptions),
    combine: (found) =>
      found.flatMap(({ data }) =>
        data && (data.group === "open" || data.group === "in_progress") ? [data] : [],
      ),
  });
}

/** Stay at the end while there; keep the place read when older texts come in above, or newer ones below. */
function useSteady(scroller: React.RefObject<HTMLDivElement | null>, messages: MessageOut[]) {
  const [away, setAway] = useState<false | "away" | "news">(false);
  const atEnd = useRef(true);
  const was = useRef({ first: "", last: "", height: 0 });
  const first = messages[0]?.id ?? "";
  const last = messages.at(-1)?.id ?? "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: any change of the messages may change heights
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const before = was.current;
    if (before.first && before.first !== first && before.last === last) {
      element.scrollTop += element.scrollHeight - before.height;
    } else if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (before.last !== last) setAway("news");
    was.current = { first, last, height: element.scrollHeight };
  }, [messages]);

  useEffect(() => {
    // The composer below grows and shrinks, suggestions come in late: the end stays in sight.
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    for (const part of element.children) watch.observe(part);
    return () => watch.disconnect();
  }, [scroller]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    setAway((now) => (atEnd.current ? false : now || "away"));
  };
  const toEnd = () => {
    atEnd.current = true;
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  return { away, toEnd, onScroll };
}

/** A text that comes in while the thread is open is said aloud. */
function useAnnounced(messages: MessageOut[], name: string): void {
  const known = useRef<string | null>(null);
  const last = messages.at(-1);
  useEffect(() => {
    if (known.current !== null && last && last.id !== known.current && last.direction === "in") {
      announce(`New text from ${name}: ${last.body}`);
    }
    known.current = last?.id ?? "";
  }, [last, name]);
}
