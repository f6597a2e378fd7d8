import { type FormEvent, useRef, useState } from "react";
import type { OwnMessage, OwnPatient } from "../../api/generated";
import { newKey, post, problemType } from "../api";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { useList } from "./use-list";
import { dayOf, problemInWords } from "./words";

interface Props {
  about: OwnPatient | null;
  onFailed: (error: unknown) => void;
}

/** A few lines to the practice, about one patient or none. */
export function Message({ about, onFailed }: Props) {
  const newest = useList<OwnPatient>("patients", onFailed).items ?? [];
  const listed = newest.some((patient) => patient.lead_id === about?.lead_id);
  const patients = about && !listed ? [about, ...newest] : newest;
  const written = useList<OwnMessage>("messages", onFailed);
  const [leadId, setLeadId] = useState(about?.lead_id ?? "");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ tone: "good" | "bad"; text: string } | null>(null);
  // One key per message: a second tap, or a second try, writes nothing twice.
  const key = useRef(newKey());
  const items = written.items ?? [];
  // An answer is read before anything new is written.
  const answered = items.some((message) => message.answers?.length);
  const nameOf = (id: string | null) => patients.find((patient) => patient.lead_id === id)?.name;

  async function send(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (!text.trim()) return setSaid({ tone: "bad", text: "Write a few words first." });
    setBusy(true);
    setSaid(null);
    try {
      await post("referrer/messages", { lead_id: leadId || null, text }, key.current);
      key.current = newKey();
      setText("");
      setSaid({ tone: "good", text: "Thank you. Somebody at the practice will read this today." });
      written.again();
    } catch (error) {
      setSaid({ tone: "bad", text: problemInWords(problemType(error)) });
      onFailed(error);
    }
    setBusy(false);
  }

  return (
    <section className="card">
      <Title>Messages</Title>
      {answered && <Written items={items} nameOf={nameOf} />}
      <h3>Write to us</h3>
      <form onSubmit={send} noValidate>
        <label className="field">
          About
          <select value={leadId} onChange={(event) => setLeadId(event.target.value)}>
            <option value="">No patient in particular</option>
            {patients.map((patient) => (
              <option key={patient.lead_id} value={patient.lead_id}>
                {patient.name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Your message
          <textarea
            rows={4}
            maxLength={2000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {said && <Notice tone={said.tone}>{said.text}</Notice>}
        <button type="submit" className="primary narrow" aria-disabled={busy}>
          {busy ? "One moment…" : "Send"}
        </button>
      </form>
      {!answered && items.length > 0 && <Written items={items} nameOf={nameOf} />}
    </section>
  );
}

interface WrittenProps {
  items: OwnMessage[];
  nameOf: (id: string | null) => string | undefined;
}

/** What was written before, with what the practice answered. */
function Written({ items, nameOf }: WrittenProps) {
  return (
    <>
      <h3>You wrote, and our answers</h3>
      <ul className="rows">
        {items.map((message) => (
          <li key={message.id}>
            <p className="small">
              {[dayOf(message.at), nameOf(message.lead_id)].filter(Boolean).join(", about ")}
            </p>
            <p className="said">{message.text}</p>
            {message.answers?.map((answer) => (
              <div key={answer.id} className="answer">
                <p className="small">
                  {dayOf(answer.at)}, {answer.by} answered
                </p>
                <p className="said">{answer.text}</p>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
