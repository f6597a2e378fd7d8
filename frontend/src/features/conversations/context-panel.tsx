import { Badge, Button, Skeleton, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ExternalLink, Phone, ShieldCheck, ShieldOff } from "lucide-react";
import { useState } from "react";
import { day, due, moment, phone, words } from "../../shared/lib/format";
import { LogCallMenu } from "../calls";
import { useMay } from "../session";
import { ConsentHistory, proof } from "../texting-settings";
import { ConsentDialog } from "./consent-dialog";
import classes from "./inbox.module.css";
import { useRecordConsent } from "./mutations";
import { type OpenConversation, type PersonOut, useLead } from "./queries";
import { METHODS } from "./wording";

/** Who may be at the other end, where their lead stands, and whether they may be texted. */
export function ContextPanel({ conversation }: { conversation: OpenConversation }) {
  const { people } = conversation;
  return (
    <>
      <section className={classes.part} aria-label="People">
        <h3>{people.length > 1 ? `${people.length} people share this phone` : "Patient"}</h3>
        {people.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody with this number is known yet. Ask who it is; a lead with this number joins by itself.
          </Text>
        )}
        {people.map((person) => (
          <Person key={person.patient_id} person={person} />
        ))}
      </section>
      <ConsentPart conversation={conversation} />
      <section className={classes.part} aria-label="Numbers">
        <h3>Numbers</h3>
        <Text size="sm">
          <Phone size={12} aria-hidden /> {phone(conversation.phone)}
        </Text>
        <Text size="xs" c="dimmed">
          Texts with our {phone(conversation.our_number)}
        </Text>
      </section>
    </>
  );
}

function Person({ person }: { person: PersonOut }) {
  const may = useMay("leads:read");
  return (
    <div className={classes.person}>
      <Text fw={650} size="sm" style={{ overflowWrap: "anywhere" }} dir="auto">
        {person.display_name}
      </Text>
      {person.lead_id && may ? <Lead id={person.lead_id} /> : <Text size="xs">No lead</Text>}
    </div>
  );
}

function Lead({ id }: { id: string }) {
  const lead = useLead(id);
  if (lead.isPending) return <Skeleton height={60} />;
  if (lead.isError) return <Text size="xs">Their lead is at another clinic.</Text>;
  const { data } = lead;
  return (
    <>
      <div className={classes.facts}>
        <Badge size="sm" variant="light" color={GROUP_COLOR[data.group]}>
          {data.stage_name}
        </Badge>
        {data.patient.dob && (
          <Text size="xs" c="dimmed">
            born {day(data.patient.dob)}
          </Text>
        )}
      </div>
      {data.next_step && (
        <Text size="xs" className={classes.next} data-overdue={data.overdue || undefined}>
          Next: {data.next_step.label}, {due(data.next_step.due_at)}
        </Text>
      )}
      {data.story && (
        <Text size="xs" c="dimmed">
          {data.story}
        </Text>
      )}
      <div className={classes.facts}>
        <LogCallMenu leadId={id} />
        <Link to="/board" search={{ lead: id }} className={classes.link}>
          Open the lead <ExternalLink size={12} aria-hidden />
        </Link>
      </div>
    </>
  );
}

const GROUP_COLOR = { open: "blue", in_progress: "yellow", won: "teal", lost: "gray" };
const NO_TEXTS = "Asked not to be texted";
const STATES = {
  granted: ["Agreed to texts", "teal"],
  asked: ["Asked, no answer yet", "yellow"],
  revoked: ["Opted out", "red"],
  none: ["Not asked yet", "gray"],
} as const;

function ConsentPart({ conversation }: { conversation: OpenConversation }) {
  const [dialog, setDialog] = useState(false);
  const record = useRecordConsent();
  const target = { kind: "conversation" as const, id: conversation.id };
  const may = useMay("messages:write");
  const [label, color] = STATES[conversation.consent];
  const known = conversation.consent_record;
  return (
    <section className={classes.part} aria-label="Consent">
      <h3>Consent</h3>
      <Badge color={color} variant="light">
        {label}
      </Badge>
      {known && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {words(METHODS[known.method] ?? known.method)}, {moment(known.at)}
          {known.captured_by !== "Frontdesk" && `, noted by ${known.captured_by}`}
          {known.evidence && (
            <>
              <br />
              {proof(known)}
            </>
          )}
        </Text>
      )}
      {may && (
        <div className={classes.facts}>
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<ShieldCheck size={13} />}
            onClick={() => setDialog(true)}
          >
            Note consent
          </Button>
          {conversation.consent !== "revoked" && (
            <Button
              size="compact-xs"
              variant="light"
              color="red"
              leftSection={<ShieldOff size={13} />}
              loading={record.isPending}
              onClick={() => record.mutate({ target, status: "revoked", method: "verbal", note: NO_TEXTS })}
            >
              Do not text
            </Button>
          )}
        </div>
      )}
      {known && (
        <details className={classes.history}>
          <summary>Every change</summary>
          <ConsentHistory conversationId={conversation.id} />
        </details>
      )}
      <ConsentDialog target={target} opened={dialog} onClose={() => setDialog(false)} />
    </section>
  );
}
