import { Badge, Button } from "@mantine/core";
import { CalendarClock, PhoneCall, X } from "lucide-react";
import { useMay } from "../session";
import { useCloseLead, usePlanTask } from "./lead-mutations";
import { useMarkRead } from "./mutations";
import type { LeadOut, MessageOut, UnderstoodOut } from "./queries";
import classes from "./thread.module.css";
import { clock, nextAt } from "./wording";

interface Props {
  message: MessageOut;
  leads: LeadOut[];
  actionable: boolean;
  conversationId: string;
}

/** What was understood of a reply, in words, and what one click makes of it while nobody has answered. */
export function ReplyActions({ message, leads, actionable, conversationId }: Props) {
  const { understood } = message;
  if (!understood) return null;
  return (
    <div className={classes.understood}>
      {understood.words.map((word) => (
        <Badge
          key={word}
          size="md"
          radius="sm"
          variant="light"
          color={understood.kind === "decline" ? "orange" : "desk"}
        >
          {word}
        </Badge>
      ))}
      {actionable &&
        leads.map((lead) => (
          <LeadAction
            key={lead.id}
            lead={lead}
            understood={understood}
            who={leads.length > 1 ? lead.patient.first_name : ""}
            conversationId={conversationId}
          />
        ))}
    </div>
  );
}

const HOUR = 3_600_000;

/** A task that follows from what was said: [button, title, due]. */
function taskFor(understood: UnderstoodOut): [string, string, Date] | null {
  if (understood.kind === "callback") {
    if (!understood.at)
      return ["Plan a call", "Call back: asked for a call by text", new Date(Date.now() + HOUR / 2)];
    const due = nextAt(understood.at);
    return [`Plan call at ${clock(due.toISOString())}`, "Call back at the time asked for by text", due];
  }
  if (understood.kind === "availability") {
    const words = understood.words.join(" · ");
    return ["Plan scheduling", `Schedule: can come ${words}`, new Date(Date.now() + HOUR)];
  }
  return null;
}

interface ActionProps {
  lead: LeadOut;
  understood: UnderstoodOut;
  who: string;
  conversationId: string;
}

function LeadAction({ lead, understood, who, conversationId }: ActionProps) {
  const plan = usePlanTask();
  const close = useCloseLead();
  const mark = useMarkRead();
  const mayPlan = useMay("tasks:write");
  const mayClose = useMay("leads:write");
  const task = taskFor(understood);
  const whose = who ? ` for ${who}` : "";
  if (task && mayPlan) {
    const [label, title, due] = task;
    return (
      <Button
        size="compact-xs"
        variant="outline"
        leftSection={understood.kind === "callback" ? <PhoneCall size={13} /> : <CalendarClock size={13} />}
        loading={plan.isPending}
        disabled={plan.isSuccess}
        onClick={() =>
          plan.mutate({
            body: { lead_id: lead.id, title: title.slice(0, 200), due_at: due.toISOString() },
          })
        }
      >
        {plan.isSuccess ? "Planned" : label + whose}
      </Button>
    );
  }
  if (understood.kind !== "decline" || !mayClose) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<X size={13} />}
      loading={close.isPending}
      onClick={() =>
        close.mutate(
          {
            path: { lead_id: lead.id },
            body: { stage: "lost", after_id: null, version: lead.version, lost_reason: "Declined by text" },
          },
          { onSuccess: () => mark.mutate({ id: conversationId, settled: true, may: true }) },
        )
      }
    >
      Close as declined{whose}
    </Button>
  );
}
