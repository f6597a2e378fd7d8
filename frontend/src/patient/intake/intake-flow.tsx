import { useCallback, useEffect, useRef, useState } from "react";
import type { PatientFormOut } from "../../api/generated";
import { PatientProblem, post, problemType } from "../api";
import type { FlowProps } from "../flow";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";
import { common } from "../words/common.words";
import { useLanguage, useWords } from "../words/language";
import type { Facts } from "./card-photos";
import { intakeWords } from "./intake.words";
import { refusedIn, Saver, type SaveState } from "./saving";
import { Steps } from "./steps";
import { type Answers, questionsOf, say } from "./types";
import "./intake.css";

type State = "opening" | "open" | "sent" | "already";

/** The form, from the first look to “thank you”. What is written is kept as it is written. */
export default function IntakeFlow({ onFailed }: FlowProps) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const [state, setState] = useState<State>("opening");
  const [form, setForm] = useState<PatientFormOut | null>(null);
  const fail = useRef(onFailed);
  fail.current = onFailed;

  const stop = useCallback((error: unknown) => {
    if (problemType(error) === "intake-submitted") setState("already");
    else fail.current(error);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language does not open the form anew
  useEffect(() => {
    post<PatientFormOut>("links/intake/begin", { language }, "begin").then((found) => {
      setForm(found);
      setState("open");
    }, stop);
  }, [stop]);

  if (state === "sent" || state === "already") return <Done already={state === "already"} />;
  if (!form) return <Waiting text={t("begin.wait")} />;
  return <OpenForm found={form} stop={stop} onSent={() => setState("sent")} />;
}

interface Open {
  found: PatientFormOut;
  stop: (error: unknown) => void;
  onSent: () => void;
}

function OpenForm({ found, stop, onSent }: Open) {
  const { language } = useLanguage();
  const [answers, setAnswers] = useState<Answers>(found.answers);
  const [prefilled, setPrefilled] = useState(found.prefilled);
  const [fromCard, setFromCard] = useState<string[]>([]);
  const latest = useRef({ answers, prefilled, fromCard });
  latest.current = { answers, prefilled, fromCard };
  const [refused, setRefused] = useState<string[]>([]);
  const [saving, setSaving] = useState<SaveState>("saved");
  const [unsent, setUnsent] = useState(false);
  const saver = useRef<Saver | null>(null);
  if (saver.current === null) {
    saver.current = new Saver(found.revision, {
      state: setSaving,
      others: (news) => setAnswers((before) => ({ ...before, ...news })),
      refused: (ids) => setRefused((before) => [...before, ...ids]),
      failed: stop,
    });
  }
  useEffect(() => {
    const leave = () => saver.current?.leave();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);

  const set = (id: string, value: unknown) => {
    setAnswers((before) => ({ ...before, [id]: value }));
    setPrefilled((before) => before.filter((one) => one !== id));
    setFromCard((before) => before.filter((one) => one !== id));
    setRefused((before) => before.filter((one) => one !== id));
    saver.current?.set(id, value);
  };
  const send = async () => {
    setUnsent(false);
    try {
      await saver.current?.flush();
      await post("links/intake/begin", { language }, "language");
      await post("links/intake/submit", {}, "submit");
      onSent();
    } catch (error) {
      if (error instanceof PatientProblem && error.type === "intake-unfinished") {
        setRefused(refusedIn(error));
      } else if (problemType(error) === "unreachable") setUnsent(true);
      else stop(error);
    }
  };
  // Nothing the patient has written is overwritten.
  const isOpen = (id: string) => {
    const now = latest.current;
    const given = now.answers[id] !== undefined && now.answers[id] !== null;
    return !given || now.prefilled.indexOf(id) >= 0 || now.fromCard.indexOf(id) >= 0;
  };
  const suggest = (facts: Facts) => {
    for (const name of Object.keys(facts) as (keyof Facts)[]) {
      const asked = questionsOf(found.form).filter((one) => one.prefill === `coverage.primary.${name}`)[0];
      if (!asked || !isOpen(asked.id)) continue;
      set(asked.id, facts[name]);
      setFromCard((before) => [...before, asked.id]);
    }
  };
  return (
    <>
      <p className="form-title">{say(found.form.title, language)}</p>
      <Steps
        form={found.form}
        answers={answers}
        prefilled={prefilled}
        fromCard={fromCard}
        refused={refused}
        around={{ areas: found.body, suggest, preview: false }}
        set={set}
        onSend={send}
      />
      <Kept state={unsent ? "offline" : saving} />
    </>
  );
}

function Kept({ state }: { state: SaveState }) {
  const t = useWords(intakeWords);
  return (
    <p className={`kept ${state}`} role="status">
      {t(`saved.${state}`)}
    </p>
  );
}

function Done({ already }: { already: boolean }) {
  const t = useWords(intakeWords);
  const help = useWords(common);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section className="card">
      <h2 ref={title} tabIndex={-1}>
        {t("done.title")}
      </h2>
      <Notice tone="good">{already ? t("problem.submitted") : t("done.text")}</Notice>
      <p>{help("help.question")}</p>
    </section>
  );
}
