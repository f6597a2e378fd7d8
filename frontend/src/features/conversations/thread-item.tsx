import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Bot, CircleAlert, Clock, StickyNote } from "lucide-react";
import { memo } from "react";
import { moment, time } from "../../shared/lib/format";
import { CallItem } from "../calls";
import { useMay, usersOptions } from "../session";
import { Attachments } from "./attachments";
import { parts } from "./mentioning";
import { useCancel } from "./mutations";
import type { LeadOut, MessageOut } from "./queries";
import { ReplyActions } from "./reply-actions";
import classes from "./thread.module.css";
import { CANCELABLE, FAILED, failureAdvice, statusWords } from "./wording";

interface Props {
  message: MessageOut;
  /** The open leads of those at this phone, for what a reply suggests. */
  leads: LeadOut[];
  /** The patient's newest text, and nobody has answered it. */
  actionable: boolean;
  conversationId: string;
}

/** One thing in the thread: every kind of it has its place here. */
export const ThreadItem = memo(function ThreadItem(props: Props) {
  const { message } = props;
  if (message.direction === "note") return <Note message={message} />;
  if (message.call) {
    return (
      <li className={classes.item} data-direction="call">
        <CallItem call={message.call} leadId={props.leads[0]?.id} inThread />
      </li>
    );
  }
  return <Bubble {...props} />;
});

function Bubble({ message, leads, actionable, conversationId }: Props) {
  const out = message.direction === "out";
  return (
    <li className={classes.item} data-direction={message.direction} data-status={message.status}>
      <div className={classes.bubble} data-failed={FAILED.has(message.status) || undefined}>
        {message.attachments && message.attachments.length > 0 && <Attachments message={message} />}
        {message.body && (
          <p className={classes.body} dir="auto">
            {message.body}
          </p>
        )}
      </div>
      <p className={classes.meta}>
        {out && message.automatic && (
          <span className={classes.automatic}>
            <Bot size={12} aria-hidden /> Automatic
          </span>
        )}
        {out && !message.automatic && <span>{message.author}</span>}
        <time dateTime={message.created_at} title={moment(message.created_at)}>
          {time(message.created_at)}
        </time>
        {out && <Status message={message} />}
      </p>
      {!out && message.understood && (
        <ReplyActions
          message={message}
          leads={leads}
          actionable={actionable}
          conversationId={conversationId}
        />
      )}
    </li>
  );
}

function Status({ message }: { message: MessageOut }) {
  const cancel = useCancel();
  const may = useMay("messages:write");
  const failed = FAILED.has(message.status);
  const waits = message.status === "held";
  return (
    <>
      <span className={classes.status} data-failed={failed || undefined} data-waits={waits || undefined}>
        {failed && <CircleAlert size={12} aria-hidden />}
        {waits && <Clock size={12} aria-hidden />}
        {statusWords(message)}
      </span>
      {failed && message.status !== "blocked" && (
        <span className={classes.advice}>
          {failureAdvice(message.error_code)}
          {message.error_code && <span className={classes.code}> (carrier code {message.error_code})</span>}
        </span>
      )}
      {may && CANCELABLE.has(message.status) && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="red"
          loading={cancel.isPending}
          onClick={(event) => {
            // The button goes; the keyboard stays in the thread.
            const thread = event.currentTarget.closest<HTMLElement>("[data-thread]");
            const path = { message_id: message.id };
            cancel.mutate({ path }, { onSuccess: () => thread?.focus() });
          }}
        >
          Take back
        </Button>
      )}
    </>
  );
}

function Note({ message }: { message: MessageOut }) {
  const colleagues = useQuery(usersOptions()).data?.items ?? [];
  let at = 0;
  return (
    <li className={classes.item} data-direction="note">
      <div className={classes.note}>
        <p className={classes.noteHead}>
          <StickyNote size={12} aria-hidden /> Note by {message.author}, for colleagues only
        </p>
        <p className={classes.body} dir="auto">
          {parts(message.body, colleagues).map((part) => {
            at += part.text.length;
            return part.id ? (
              <strong key={at} className={classes.named}>
                {part.text}
              </strong>
            ) : (
              <span key={at}>{part.text}</span>
            );
          })}
        </p>
      </div>
      <p className={classes.meta}>
        <time dateTime={message.created_at} title={moment(message.created_at)}>
          {time(message.created_at)}
        </time>
      </p>
    </li>
  );
}
