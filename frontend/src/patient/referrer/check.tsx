import { type FormEvent, useState } from "react";
import type { ReferrerPageOut } from "../../api/generated";
import { PatientProblem, post } from "../api";
import { Notice } from "../ui/notice";
import { problemInWords } from "./words";

type CheckKind = ReferrerPageOut["checks"][number];
const ASKED: Record<CheckKind, { choice: string; label: string; length: number }> = {
  npi: { choice: "NPI", label: "The last four digits of the NPI", length: 4 },
  fax: { choice: "Fax number", label: "The last four digits of your fax number", length: 4 },
  zip: { choice: "ZIP code", label: "The ZIP code of your practice", length: 5 },
};

interface Props {
  page: ReferrerPageOut;
  onRight: (page: ReferrerPageOut) => void;
  onFailed: (error: unknown) => void;
}

/** The one question that keeps a forwarded mail from opening anything. */
export function Check({ page, onRight, onFailed }: Props) {
  const [kind, setKind] = useState<CheckKind>(page.checks[0] ?? "npi");
  const [answer, setAnswer] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const asked = ASKED[kind];

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (answer.replace(/\D/g, "").length < asked.length) return setWrong(`Enter ${asked.length} digits.`);
    setBusy(true);
    setWrong(null);
    try {
      onRight(await post<ReferrerPageOut>("referrer/check", { check: kind, answer }));
    } catch (error) {
      const problem = error instanceof PatientProblem ? error : new PatientProblem(0, {});
      if (problem.type === "check-failed") setWrong(triesLeft(Number(problem.body.tries_left)));
      else if (problem.type === "unreachable" || problem.type === "slow-down")
        setWrong(problemInWords(problem.type));
      else return onFailed(error);
      setBusy(false);
    }
  }

  return (
    <form className="card" onSubmit={submit} noValidate>
      <h2>One check first</h2>
      <p>It keeps your patients’ facts from anybody who got this link by mistake.</p>
      {page.checks.length > 1 && (
        <fieldset>
          <legend>Answer with your</legend>
          {page.checks.map((check) => (
            <label key={check} className="option">
              <input type="radio" name="check" checked={check === kind} onChange={() => setKind(check)} />
              {ASKED[check].choice}
            </label>
          ))}
        </fieldset>
      )}
      <label className="field">
        {asked.label}
        <input
          inputMode="numeric"
          autoComplete="off"
          maxLength={asked.length === 5 ? 10 : 4}
          value={answer}
          aria-invalid={wrong !== null}
          aria-describedby={wrong ? "wrong" : undefined}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </label>
      {wrong && (
        <Notice tone="bad">
          <span id="wrong">{wrong}</span>
        </Notice>
      )}
      <button type="submit" className="primary narrow" aria-disabled={busy}>
        {busy ? "One moment…" : "Continue"}
      </button>
    </form>
  );
}

function triesLeft(left: number): string {
  const tries = left === 1 ? "one try" : `${left} tries`;
  return `That does not match what the practice has on file. You have ${tries} left.`;
}
