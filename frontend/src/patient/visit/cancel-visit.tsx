import { type FormEvent, useState } from "react";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { useWords } from "../words/language";
import type { Notes } from "./notes";
import { words } from "./visit.words";

const REASONS = ["sick", "work", "ride", "better", "other_clinic", "cost", "other"] as const;

interface Props {
  note: Notes;
  onKeep: () => void;
  onCancel: (reason: string) => Promise<void>;
}

/** Why, and only then. */
export function CancelVisit({ note, onKeep, onCancel }: Props) {
  const t = useWords(words);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setMissing(!reason);
    if (!reason) return;
    setBusy(true);
    await onCancel(reason);
    setBusy(false);
  }
  return (
    <form className="card" onSubmit={submit}>
      <Title>{t("cancel.title")}</Title>
      <fieldset aria-describedby={missing ? "missing" : undefined}>
        <legend>{t("cancel.why")}</legend>
        {REASONS.map((item) => (
          <label key={item} className="option">
            <input
              type="radio"
              name="reason"
              value={item}
              checked={reason === item}
              onChange={() => setReason(item)}
            />
            {t(`cancel.${item}`)}
          </label>
        ))}
      </fieldset>
      {missing && (
        <Notice tone="bad">
          <span id="missing">{t("cancel.choose")}</span>
        </Notice>
      )}
      {note?.tone === "bad" && <Notice tone="bad">{t(note.text)}</Notice>}
      <button type="submit" className="primary destructive" aria-disabled={busy}>
        {busy ? t("review.wait") : t("cancel.yes")}
      </button>
      <button type="button" className="secondary" onClick={onKeep}>
        {t("cancel.no")}
      </button>
    </form>
  );
}
