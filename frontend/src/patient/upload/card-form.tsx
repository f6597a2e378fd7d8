import { type FormEvent, useState } from "react";
import type { CardOut } from "../../api/generated";
import { problemType, put } from "../api";
import { isFinal } from "../ui/failed";
import { Notice } from "../ui/notice";
import { useWords } from "../words/language";
import { type UploadKey, words } from "./upload.words";

const FIELDS = ["payer_name", "member_id", "group_number"] as const;
type Field = (typeof FIELDS)[number];
const MOST: Record<Field, number> = { payer_name: 100, member_id: 40, group_number: 40 };

interface Props {
  card: CardOut;
  onSaved: () => Promise<void>;
  onFailed: (error: unknown) => void;
}

/** What was read on the card, for whoever holds it to confirm. */
export function CardForm({ card, onSaved, onFailed }: Props) {
  const t = useWords(words);
  const [values, setValues] = useState(() => begun(card));
  const [open, setOpen] = useState(card.patient_confirmed_at === null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<UploadKey | null>(null);
  const unread = FIELDS.every((name) => !card.candidates[name]);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (!values.payer_name.trim() || !values.member_id.trim()) return setWrong("card.missing");
    setBusy(true);
    setWrong(null);
    try {
      await put("card", { ...values, group_number: values.group_number.trim() || null });
      setOpen(false);
      await onSaved();
    } catch (error) {
      const type = problemType(error);
      if (isFinal(type)) onFailed(error);
      else setWrong(type === "unreachable" ? "error.lost" : "error.problem");
    }
    setBusy(false);
  }

  if (!open) {
    return (
      <section className="card">
        <Notice tone="good">{t("card.saved")}</Notice>
        <button type="button" className="secondary" onClick={() => setOpen(true)}>
          {t("card.change")}
        </button>
      </section>
    );
  }
  return (
    <form className="card" onSubmit={save} noValidate>
      <h2>{t("card.title")}</h2>
      <p>{t(unread ? "card.typed" : "card.intro")}</p>
      {FIELDS.map((name) => (
        <label key={name} className="field">
          {t(`card.${name}`)}
          <input
            value={values[name]}
            maxLength={MOST[name]}
            autoComplete="off"
            autoCapitalize={name === "payer_name" ? "words" : "characters"}
            spellCheck={false}
            aria-invalid={wrong === "card.missing" && name !== "group_number" && !values[name].trim()}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
          />
        </label>
      ))}
      {wrong && <Notice tone="bad">{t(wrong)}</Notice>}
      <button type="submit" className="primary" aria-disabled={busy}>
        {busy ? t("card.wait") : t("card.save")}
      </button>
    </form>
  );
}

function begun(card: CardOut): Record<Field, string> {
  const value = (name: Field) => card[name] ?? card.candidates[name]?.value ?? "";
  return {
    payer_name: value("payer_name"),
    member_id: value("member_id"),
    group_number: value("group_number"),
  };
}
