import { Button, Group, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Send, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { useMe } from "../session";
import { AttachButton, AttachedFiles } from "./attach-files";
import { messagesOf } from "./cache";
import classes from "./composer.module.css";
import type { Draft } from "./drafts";
import { check, type Target, useSend } from "./mutations";
import { type FilledTemplate, type ThreadData, threadKey } from "./queries";
import { asSent, measure } from "./segments";
import { SendConfirm } from "./send-confirm";
import { SendLater } from "./send-later";
import { TemplatePicker } from "./template-picker";
import { useTypingTold } from "./use-typing-told";
import type { Outlook } from "./wording";

interface Props {
  target: Target;
  conversationId: string | null;
  view: Outlook;
  draft: Draft;
  templates?: FilledTemplate[];
  onDraft: (changes: Partial<Draft> | ((before: Draft) => Partial<Draft>)) => void;
}

const MOST = 1600;

/** Write a text: what it costs, what should not be in it, now or later. */
export function TextForm({ target, conversationId, view, draft, templates, onDraft }: Props) {
  const { text, files } = draft;
  const send = useSend();
  const told = useTypingTold(conversationId);
  const newestOf = useNewestOfOthers(conversationId);
  const input = useRef<HTMLTextAreaElement>(null);
  const [doubts, setDoubts] = useState<{ reasons: string[]; sendAt?: string } | null>(null);
  const problems = useProblems(target, text);
  const key = useRef({ of: "", value: "" });

  const size = measure(asSent(text));
  const nothing = (!text.trim() && files.length === 0) || text.length > MOST;

  const write = (next: string) => {
    if (!text && next) onDraft({ text: next, after: newestOf()?.id ?? null });
    else onDraft({ text: next });
    told(next !== "");
  };
  const deliver = (sendAt?: string) => {
    const body = text.trim();
    const attached = files.map((file) => file.id);
    const of = JSON.stringify([body, attached, sendAt]);
    // Another try of the same text carries the same key, so the server sends it once.
    if (key.current.of !== of) key.current = { of, value: crypto.randomUUID() };
    setDoubts(null);
    send.mutate(
      { target, body, files: attached, sendAt, key: key.current.value },
      {
        onSuccess: () => {
          key.current = { of: "", value: "" };
          onDraft({ text: "", files: [], after: null });
          told(false);
          input.current?.focus();
        },
      },
    );
  };
  const submit = async (sendAt?: string) => {
    if (nothing || send.isPending) return;
    const newest = newestOf();
    const answered = newest && newest.id !== draft.after;
    const reasons = await (text.trim() ? problems.now() : Promise.resolve([])).catch((): string[] => []);
    if (answered) reasons.unshift(`${newest.author} has just answered: “${newest.body.slice(0, 120)}”`);
    if (reasons.length) setDoubts({ reasons, sendAt });
    else deliver(sendAt);
  };
  return (
    <div className={classes.form}>
      <Textarea
        ref={input}
        data-write="text"
        aria-label="Text to the patient"
        placeholder="Write a text"
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        value={text}
        error={text.length > MOST ? `${text.length - MOST} letters too many` : undefined}
        onChange={(event) => write(event.currentTarget.value)}
        onBlur={() => told(false)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      />
      <AttachedFiles
        files={files}
        onRemove={(id) => onDraft({ files: files.filter((file) => file.id !== id) })}
      />
      {problems.shown.length > 0 && (
        <ul className={classes.problems} aria-label="Before you send">
          {problems.shown.map((problem) => (
            <li key={problem}>
              <TriangleAlert size={13} aria-hidden /> {problem}
            </li>
          ))}
        </ul>
      )}
      <Group justify="space-between" gap={6} wrap="nowrap">
        <Group gap={6} wrap="nowrap">
          <TemplatePicker
            conversationId={conversationId}
            templates={templates}
            onPick={(body) => {
              write(text.trim() ? `${text.trimEnd()}\n${body}` : body);
              input.current?.focus();
            }}
          />
          {conversationId && (
            <AttachButton
              conversationId={conversationId}
              files={files}
              onAdd={(file) => onDraft((before) => ({ files: [...before.files, file] }))}
            />
          )}
          <Text size="xs" c={size.segments > 3 ? "red.8" : "dimmed"} className={classes.size}>
            {text &&
              `${size.segments} SMS, ${size.left} left${size.unicode ? " (emoji or letters that cost more)" : ""}`}
          </Text>
        </Group>
        <Button.Group>
          <Button
            size="xs"
            leftSection={<Send size={14} />}
            loading={send.isPending}
            disabled={nothing}
            onClick={() => submit()}
            title="Ctrl+Enter"
          >
            {view.send}
          </Button>
          <SendLater disabled={nothing || send.isPending} onPick={submit} />
        </Button.Group>
      </Group>
      <SendConfirm
        reasons={doubts?.reasons ?? null}
        onCancel={() => setDoubts(null)}
        onSend={() => deliver(doubts?.sendAt)}
      />
    </div>
  );
}

/** What the linter finds: shown as one pauses, and asked again before sending. */
function useProblems(target: Target, text: string) {
  const queries = useQueryClient();
  const [paused] = useDebouncedValue(text.trim(), 500);
  const ask = (body: string) => ({
    queryKey: ["checkText", target.kind, target.id, body],
    queryFn: async () => (await check(target, body)).problems,
    staleTime: 60_000,
    gcTime: 60_000,
  });
  const fits = paused.length >= 3 && paused.length <= MOST;
  const found = useQuery({ ...ask(paused), enabled: fits, retry: false });
  const shown = text.trim() && fits ? (found.data ?? []) : [];
  return { shown, now: async () => [...(await queries.fetchQuery(ask(text.trim())))] };
}

/** The newest text a colleague wrote here, as loaded. */
function useNewestOfOthers(conversationId: string | null) {
  const queries = useQueryClient();
  const me = useMe().user.name;
  return () => {
    if (!conversationId) return null;
    const messages = messagesOf(queries.getQueryData<ThreadData>(threadKey(conversationId)));
    return (
      messages.findLast((item) => item.direction === "out" && !item.automatic && item.author !== me) ?? null
    );
  };
}
