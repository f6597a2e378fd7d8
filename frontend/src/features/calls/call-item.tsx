import { Button, Menu } from "@mantine/core";
import { ChevronDown, Phone, PhoneIncoming, PhoneMissed, Voicemail } from "lucide-react";
import { moment, phone as spoken, time } from "../../shared/lib/format";
import { useMay } from "../session";
import { CallOutcomeItems } from "./call-outcomes";
import classes from "./calls.module.css";
import { clock } from "./outcomes";
import type { CallOut } from "./queries";

interface Props {
  call: CallOut;
  /** The lead a call back is logged on; the call's own where it is not given. */
  leadId?: string | null;
  /** Under the heading of its day. */
  inThread?: boolean;
}

const ICONS = { ringing: Phone, missed: PhoneMissed, voicemail: Voicemail, answered: PhoneIncoming };

/** A call in a thread or a lead: what became of it, its voicemail, and the way to call back. */
export function CallItem({ call, leadId, inThread }: Props) {
  const Icon = ICONS[call.outcome];
  const title = titleOf(call);
  const unanswered = call.outcome === "missed" || call.outcome === "voicemail";
  return (
    <article
      className={classes.call}
      data-outcome={call.outcome}
      aria-label={`${title}, ${moment(call.started_at)}`}
    >
      <span className={classes.icon}>
        <Icon size={16} aria-hidden />
      </span>
      <div className={classes.body}>
        <p className={classes.head}>
          <strong>{title}</strong>
          <time dateTime={call.started_at} title={moment(call.started_at)}>
            {inThread ? time(call.started_at) : moment(call.started_at)}
          </time>
        </p>
        <Recording call={call} />
        {call.transcript && <blockquote className={classes.transcript}>{call.transcript}</blockquote>}
        {unanswered && <CallBack call={call} leadId={leadId ?? call.lead_id} />}
      </div>
    </article>
  );
}

function titleOf(call: CallOut): string {
  const late = call.after_hours ? " after hours" : "";
  switch (call.outcome) {
    case "answered":
      return call.duration_seconds ? `Call answered, ${clock(call.duration_seconds)}` : "Call answered";
    case "voicemail":
      return `Voicemail${late}${call.voicemail_seconds ? `, ${clock(call.voicemail_seconds)}` : ""}`;
    case "missed":
      return `Missed call${late}`;
    default:
      return "Calling now";
  }
}

function Recording({ call }: { call: CallOut }) {
  if (call.voicemail === "none") return null;
  if (call.voicemail === "coming") return <p className={classes.quiet}>The recording is on its way.</p>;
  if (!call.voicemail_url)
    return <p className={classes.lost}>The recording could not be fetched. Please call back.</p>;
  const who = call.phone ? `from ${spoken(call.phone)}` : "from a withheld number";
  return (
    // Nothing is fetched before somebody listens: listening is on record.
    // biome-ignore lint/a11y/useMediaCaption: a voicemail has no captions; its transcript, where there is one, is beside it
    <audio
      className={classes.audio}
      controls
      preload="none"
      src={call.voicemail_url}
      aria-label={`Voicemail ${who}`}
    />
  );
}

function CallBack({ call, leadId }: { call: CallOut; leadId: string | null }) {
  const may = useMay("leads:write");
  return (
    <div className={classes.actions}>
      {call.phone ? (
        <Button
          component="a"
          href={`tel:${call.phone}`}
          size="compact-sm"
          variant={call.handled_at ? "default" : "light"}
          leftSection={<Phone size={14} aria-hidden />}
        >
          Call back
        </Button>
      ) : (
        <span className={classes.quiet}>The caller withheld the number.</span>
      )}
      {may && leadId && (
        <Menu position="bottom-start" width={200} returnFocus>
          <Menu.Target>
            <Button size="compact-sm" variant="default" rightSection={<ChevronDown size={14} aria-hidden />}>
              Log outcome
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <CallOutcomeItems leadId={leadId} />
          </Menu.Dropdown>
        </Menu>
      )}
      {call.handled_at && <span className={classes.quiet}>Dealt with {moment(call.handled_at)}</span>}
    </div>
  );
}
