import { Anchor, Badge, Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { FileText } from "lucide-react";
import { ago, moment } from "../../shared/lib/format";
import { LetterActions } from "./letter-actions";
import classes from "./letters.module.css";
import { documentOf, type LetterOut } from "./queries";
import { proofOf, reasonOf, STATES, titleOf } from "./wording";

interface Props {
  letter: LetterOut;
  /** Name whom it is about and to whom it goes, where the place does not say it. */
  about?: boolean;
}

const READABLE = new Set(["waiting", "review", "sending", "unknown", "sent", "failed", "joined"]);

/** One letter: what it says, how it stands, what can be done, and the proof. */
export function LetterCard({ letter, about }: Props) {
  const state = STATES[letter.state];
  const reason = reasonOf(letter);
  const quiet = letter.state === "waiting" || letter.state === "not_sent" || letter.state === "canceled";
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <span className={classes.title}>{titleOf(letter)}</span>
        <Badge variant="light" color={state.color}>
          {state.label}
        </Badge>
        {letter.returned_at && (
          <Badge variant="light" color="teal">
            Answered
          </Badge>
        )}
        <span className={classes.when} title={moment(letter.sent_at ?? letter.created_at)}>
          {ago(letter.sent_at ?? letter.created_at)}
        </span>
      </div>
      {about && <About letter={letter} />}
      {reason && (
        <p className={classes.reason} data-quiet={quiet || undefined}>
          {reason}
        </p>
      )}
      {letter.returned_at && <Answers letter={letter} />}
      <Group gap={6} className={classes.actions}>
        {READABLE.has(letter.state) && (
          <Button
            component="a"
            href={documentOf(letter)}
            target="_blank"
            rel="noreferrer"
            size="compact-xs"
            variant="default"
            leftSection={<FileText size={13} />}
            aria-label={`Read it: ${titleOf(letter)} (PDF, new tab)`}
          >
            Read it
          </Button>
        )}
        <LetterActions letter={letter} />
      </Group>
      <Proof letter={letter} />
    </li>
  );
}

function About({ letter }: { letter: LetterOut }) {
  const office = letter.referrer.practice_name;
  return (
    <div className={classes.who}>
      {letter.lead_id && letter.patient_name ? (
        <>
          <Anchor
            renderRoot={(props) => (
              <Link to="/board" search={{ lead: letter.lead_id ?? undefined }} {...props} />
            )}
            inherit
            fw={600}
          >
            {letter.patient_name}
          </Anchor>{" "}
          · to{" "}
        </>
      ) : (
        "To "
      )}
      {letter.referrer.name}
      {office && office !== letter.referrer.name ? `, ${office}` : ""}
    </div>
  );
}

function Answers({ letter }: { letter: LetterOut }) {
  return (
    <div className={classes.answers}>
      {letter.asks.length > 0 && (
        <dl>
          {letter.asks.map((ask) => (
            <div key={ask.key} style={{ display: "contents" }}>
              <dt>{ask.label}</dt>
              <dd>{ask.answers.join(", ") || "See the page"}</dd>
            </div>
          ))}
        </dl>
      )}
      {letter.returned_fax_id && (
        <Anchor
          renderRoot={(props) => (
            <Link to="/faxes/$faxId" params={{ faxId: letter.returned_fax_id ?? "" }} {...props} />
          )}
          inherit
          fw={600}
        >
          Look at the page that came back
        </Anchor>
      )}
    </div>
  );
}

function Proof({ letter }: { letter: LetterOut }) {
  if (letter.sendings.length === 0) return null;
  const number = letter.sendings.length;
  return (
    <details className={classes.proof}>
      <summary>
        {letter.state === "sent"
          ? "Proof of transmission"
          : `${number} ${number === 1 ? "attempt" : "attempts"}`}
      </summary>
      <ul>
        {letter.sendings.map((sending) => (
          <li key={sending.number}>
            {proofOf(sending)}
            {sending.external_id && (
              <>
                {" "}
                ({sending.provider}, {sending.external_id})
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
