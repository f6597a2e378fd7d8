import { useState } from "react";
import type { TimeOut } from "../../api/generated";
import { Title } from "../ui/title";
import { useLanguage, useWords } from "../words/language";
import { momentInWords } from "./times";
import { words } from "./visit.words";

interface Props {
  time: TimeOut;
  moving: boolean;
  onYes: () => Promise<void>;
  onBack: () => void;
}

/** One look at what was chosen. */
export function Review({ time, moving, onYes, onBack }: Props) {
  const t = useWords(words);
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  async function yes() {
    if (busy) return;
    setBusy(true);
    await onYes();
    setBusy(false);
    onBack();
  }
  return (
    <section className="card">
      <Title>{t("review.title")}</Title>
      <p className="large">{momentInWords(time.starts_at, language, time.timezone)}</p>
      <p>
        {t("choose.with", { clinician: time.clinician })} {t("choose.at", { place: time.location })}
      </p>
      <button type="button" className="primary" aria-disabled={busy} onClick={yes}>
        {busy ? t("review.wait") : t(moving ? "review.move" : "review.book")}
      </button>
      <button type="button" className="secondary" aria-disabled={busy} onClick={() => !busy && onBack()}>
        {t("review.back")}
      </button>
    </section>
  );
}
