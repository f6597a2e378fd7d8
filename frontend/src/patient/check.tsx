import { type FormEvent, useState } from "react";
import { type PatientPage, PatientProblem, post } from "./api";
import { BirthDate, type DateParts, isoDate, NO_DATE } from "./ui/birth-date";
import { Notice } from "./ui/notice";
import { type CommonKey, common } from "./words/common.words";
import { useWords } from "./words/language";

interface Props {
  page: PatientPage;
  onRight: (page: PatientPage) => void;
  onFailed: (error: unknown) => void;
}

/** The one question that keeps a forwarded text from opening anything. */
export function Check({ page, onRight, onFailed }: Props) {
  const t = useWords(common);
  const [date, setDate] = useState<DateParts>(NO_DATE);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const byName = page.check === "last_name";

  async function answer(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const dob = isoDate(date);
    const missing: CommonKey | null = byName ? (name.trim() ? null : "check.noName") : dob.problem;
    if (missing) return setWrong(t(missing));
    setBusy(true);
    setWrong(null);
    try {
      onRight(await post<PatientPage>("links/check", byName ? { last_name: name } : { dob: dob.iso }));
    } catch (error) {
      const type = error instanceof PatientProblem ? error.type : "unreachable";
      if (type === "unreachable") setWrong(t("problem.unreachable"));
      else if (type !== "check-failed") return onFailed(error);
      else setWrong(triesLeft((error as PatientProblem).body.tries_left));
      setBusy(false);
    }
  }

  function triesLeft(left: unknown): string {
    return left === 1 ? t("check.wrongOnce") : t("check.wrong", { left: Number(left) });
  }

  return (
    <form className="card" onSubmit={answer} noValidate>
      <h2>{t("check.title")}</h2>
      <p>{t("check.why")}</p>
      {byName ? (
        <label className="field">
          {t("check.lastName")}
          <input
            value={name}
            autoComplete="family-name"
            autoCapitalize="words"
            maxLength={100}
            aria-invalid={wrong !== null}
            aria-describedby={wrong ? "wrong" : undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      ) : (
        <BirthDate value={date} onChange={setDate} describedBy={wrong ? "wrong" : undefined} />
      )}
      {wrong && (
        <Notice tone="bad">
          <span id="wrong">{wrong}</span>
        </Notice>
      )}
      <button type="submit" className="primary" aria-disabled={busy}>
        {busy ? t("check.wait") : t("check.go")}
      </button>
    </form>
  );
}
