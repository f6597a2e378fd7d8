import { Button } from "@mantine/core";
import { Check, Clock, Lock, MessageCircleQuestion, Phone, ShieldCheck } from "lucide-react";
import { useRef, useState } from "react";
import classes from "./composer.module.css";
import { ConsentDialog } from "./consent-dialog";
import { type Target, useSend } from "./mutations";
import type { OpenConversation, VerdictOut } from "./queries";
import type { Outlook } from "./wording";

interface Props {
  view: Outlook;
  verdict: VerdictOut;
  consent: OpenConversation["consent"];
  target: Target;
  phone: string;
}

const ICONS = { go: Check, wait: Clock, stop: Lock };
/** Reasons that what the patient says can undo. */
const ASKABLE = new Set(["no_consent", "opted_out", "wrong_person"]);

/** The gate's word on the next text, and what one may do instead. */
export function VerdictLine({ view, verdict, consent, target, phone }: Props) {
  const [dialog, setDialog] = useState(false);
  const send = useSend();
  const key = useRef(crypto.randomUUID());
  const Icon = ICONS[view.tone];
  const reason = verdict.reason ?? "";
  const ask = reason === "no_consent" && consent === "none";
  return (
    <div className={classes.verdict} data-tone={view.tone} role="status">
      <Icon size={14} aria-hidden className={classes.verdictIcon} />
      <div className={classes.verdictWords}>
        <strong>{view.title}</strong>
        {view.detail && <span>{view.detail}</span>}
        {(view.tone === "stop" || ASKABLE.has(reason)) && (
          <div className={classes.instead}>
            {ask && (
              <Button
                size="compact-xs"
                leftSection={<MessageCircleQuestion size={13} />}
                loading={send.isPending}
                onClick={(event) => {
                  // The button goes; the next to do is to write.
                  const box = event.currentTarget.closest("[data-composer]");
                  const question = { target, templateId: "consent_request", key: key.current };
                  const write = () => box?.querySelector<HTMLElement>("[data-write=text]")?.focus();
                  send.mutate(question, { onSuccess: write });
                }}
              >
                Ask by text
              </Button>
            )}
            {ASKABLE.has(reason) && (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<ShieldCheck size={13} />}
                onClick={() => setDialog(true)}
              >
                Note consent
              </Button>
            )}
            <Button
              component="a"
              href={`tel:${phone}`}
              size="compact-xs"
              variant="default"
              leftSection={<Phone size={13} />}
            >
              Call
            </Button>
          </div>
        )}
      </div>
      <ConsentDialog target={target} opened={dialog} onClose={() => setDialog(false)} />
    </div>
  );
}
