import { SegmentedControl } from "@mantine/core";
import { useRef, useState } from "react";
import { useMay } from "../session";
import classes from "./composer.module.css";
import { type Draft, draftOf, keepDraft } from "./drafts";
import type { Target } from "./mutations";
import { NoteForm } from "./note-form";
import type { FilledTemplate, OpenConversation, VerdictOut } from "./queries";
import { TextForm } from "./text-form";
import { VerdictLine } from "./verdict-line";
import { outlook } from "./wording";

interface Props {
  target: Target;
  /** Null before the first text. */
  conversation: OpenConversation | null;
  verdict: VerdictOut;
  consent: OpenConversation["consent"];
  phone: string;
  /** Filled templates where there is no conversation to ask for them. */
  templates?: FilledTemplate[];
}

/** Says what the gate would do before a word is typed; then texts, or notes for colleagues. */
export function Composer(props: Props) {
  const may = useMay("messages:write");
  if (!may) return <p className={classes.readonly}>Your role may read texts, not answer them.</p>;
  return <Opened key={props.target.id} {...props} />;
}

function Opened({ target, conversation, verdict, consent, phone, templates }: Props) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(target.id));
  const change = (changes: Partial<Draft> | ((before: Draft) => Partial<Draft>)) =>
    setDraft((before) => {
      const after = { ...before, ...(typeof changes === "function" ? changes(before) : changes) };
      keepDraft(target.id, after);
      return after;
    });
  const box = useRef<HTMLDivElement>(null);
  const view = outlook(verdict, consent);
  const noting = draft.mode === "note" && conversation !== null;
  return (
    <div ref={box} className={classes.composer} data-composer>
      <div className={classes.bar}>
        {conversation && (
          <SegmentedControl
            size="xs"
            aria-label="Write"
            value={noting ? "note" : "text"}
            data={[
              { value: "text", label: <span data-mode="text">Text</span> },
              { value: "note", label: <span data-mode="note">Note</span> },
            ]}
            onChange={(mode) => {
              change({ mode: mode as Draft["mode"] });
              window.setTimeout(() =>
                box.current?.querySelector<HTMLElement>(`[data-write=${mode}]`)?.focus(),
              );
            }}
          />
        )}
        {!noting && (
          <VerdictLine view={view} verdict={verdict} consent={consent} target={target} phone={phone} />
        )}
      </div>
      {noting ? (
        <NoteForm conversationId={target.id} text={draft.note} onText={(note) => change({ note })} />
      ) : (
        view.tone !== "stop" && (
          <TextForm
            target={target}
            conversationId={conversation?.id ?? null}
            view={view}
            draft={draft}
            templates={templates}
            onDraft={change}
          />
        )
      )}
    </div>
  );
}
