import { type FormEvent, useState } from "react";
import type { OwnPlan } from "../../api/generated";
import { PatientProblem, post } from "../api";
import { Notice } from "../ui/notice";
import { problemInWords, today } from "./words";

interface Props {
  plan: OwnPlan;
  name: string;
  onSigned: () => void;
  onStale: () => void;
  onFailed: (error: unknown) => void;
}

/** A typed name, a date and a confirmation stand for the signature. */
export function PlanForm({ plan, name, onSigned, onStale, onFailed }: Props) {
  const [typed, setTyped] = useState("");
  const [on, setOn] = useState(today);
  const [confirmed, setConfirmed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  async function sign(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (typed.trim().length < 3) return setWrong("Type your full name.");
    if (!on) return setWrong("Enter the date.");
    if (!confirmed) return setWrong("Tick the box to confirm.");
    setBusy(true);
    setWrong(null);
    const body = { version: plan.version, typed_name: typed, signed_on: on, confirm: true };
    try {
      await post(`referrer/plans/${plan.id}/sign`, body);
      onSigned();
    } catch (error) {
      const problem = error instanceof PatientProblem ? error : new PatientProblem(0, {});
      setWrong(saidOf(problem));
      setBusy(false);
      if (problem.status === 409) onStale();
      onFailed(error);
    }
  }

  return (
    <form onSubmit={sign} noValidate>
      <label className="field">
        Your full name and credential
        <input
          value={typed}
          placeholder={name}
          autoComplete="name"
          maxLength={120}
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <label className="field">
        Date
        <input type="date" value={on} max={today()} onChange={(event) => setOn(event.target.value)} />
      </label>
      <label className="option">
        <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />
        {plan.statement}
      </label>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      <button type="submit" className="primary narrow" aria-disabled={busy}>
        {busy ? "One moment…" : "Sign this plan of care"}
      </button>
    </form>
  );
}

function saidOf(problem: PatientProblem): string {
  const errors = problem.body.errors;
  const about = Array.isArray(errors) ? String(errors[0]?.pointer ?? "") : "";
  if (about.indexOf("signed_on") >= 0) return "The date must lie between the evaluation and today.";
  return problemInWords(problem.type);
}
