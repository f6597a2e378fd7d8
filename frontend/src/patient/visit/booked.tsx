import { useState } from "react";
import type { VisitOut } from "../../api/generated";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { useLanguage, useWords } from "../words/language";
import type { Notes } from "./notes";
import { momentInWords } from "./times";
import { type VisitKey, words } from "./visit.words";
import { Where } from "./where";

interface Props {
  visit: VisitOut;
  bring: boolean;
  note: Notes;
  onConfirm: () => Promise<void>;
  onMove: () => void;
  onCancel: () => void;
}

const BRING: VisitKey[] = ["bring.id", "bring.card", "bring.order", "bring.list", "bring.clothes"];

/** When, where, with whom, what to bring, and what may still be changed. */
export function Booked({ visit, bring, note, onConfirm, onMove, onCancel }: Props) {
  const t = useWords(words);
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  if (visit.status === "canceled") return <NoVisit canceled />;
  async function confirm() {
    if (busy) return;
    setBusy(true);
    await onConfirm();
    setBusy(false);
  }
  return (
    <>
      <section className="card">
        <Title key={note?.text}>{note?.tone === "good" ? t(note.text) : t("booked.title")}</Title>
        {note?.tone === "bad" && <Notice tone="bad">{t(note.text)}</Notice>}
        {visit.status === "no_show" && <Notice tone="plain">{t("booked.missed")}</Notice>}
        {visit.status === "checked_in" && <Notice tone="plain">{t("booked.ended")}</Notice>}
        <dl>
          <dt>{t("booked.when")}</dt>
          <dd className="large">{momentInWords(visit.starts_at, language, visit.timezone)}</dd>
          <dt>{t("booked.who")}</dt>
          <dd>{visit.clinician}</dd>
          <dt>{t("booked.where")}</dt>
          <dd>{visit.virtual ? t("booked.virtual") : <Where place={visit.place} />}</dd>
        </dl>
        {visit.can_change && visit.status === "booked" && note?.tone !== "good" && (
          <button type="button" className="primary" aria-disabled={busy} onClick={confirm}>
            {busy ? t("review.wait") : t("booked.confirm")}
          </button>
        )}
        {visit.status === "confirmed" && <p>{t("booked.confirmed")}</p>}
        {visit.can_change && (
          <a
            className="secondary"
            href={`/api/v1/public/visit/${visit.id}/calendar.ics`}
            download="visit.ics"
          >
            {t("booked.calendar")}
          </a>
        )}
      </section>
      {bring && visit.can_change && !visit.virtual && (
        <section className="card">
          <h2>{t("bring.title")}</h2>
          <ul className="bring">
            {BRING.map((item) => (
              <li key={item}>{t(item)}</li>
            ))}
          </ul>
          <p>{t("bring.early")}</p>
        </section>
      )}
      {visit.can_change && (
        <section>
          <button type="button" className="secondary" onClick={onMove}>
            {t("booked.move")}
          </button>
          <button type="button" className="secondary danger" onClick={onCancel}>
            {t("booked.cancel")}
          </button>
        </section>
      )}
    </>
  );
}

/** Nothing is booked, or not any more. */
export function NoVisit({ canceled = false }: { canceled?: boolean }) {
  const t = useWords(words);
  return (
    <section className="card">
      <Title>{t(canceled ? "canceled.title" : "none.title")}</Title>
      <p>{t(canceled ? "canceled.text" : "none.text")}</p>
    </section>
  );
}
