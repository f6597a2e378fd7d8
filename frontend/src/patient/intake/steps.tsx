import { useEffect, useRef, useState } from "react";
import { Notice } from "../ui/notice";
import { useLanguage, useWords } from "../words/language";
import { type Problem, problemOf } from "./checks";
import { shown } from "./conditions";
import type { Surroundings } from "./field";
import { intakeWords } from "./intake.words";
import { QuestionView } from "./question";
import { Review } from "./review";
import { type Answers, type Form, say } from "./types";

interface Props {
  form: Form;
  answers: Answers;
  prefilled: string[];
  fromCard: string[];
  refused: string[];
  around: Surroundings;
  set: (id: string, value: unknown) => void;
  onSend: () => Promise<void>;
  /** Shows this step from outside: the builder's preview follows what is being edited. */
  at?: string;
}

/** The form, one section at a time, and at the end a look at what is missing. */
export function Steps({ form, answers, prefilled, fromCard, refused, around, set, onSend, at }: Props) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const [step, setStep] = useState(0);
  const [looked, setLooked] = useState<string[]>([]);
  const title = useRef<HTMLHeadingElement>(null);
  const moved = useRef(false);
  const pages = shown(form, answers);
  const page = pages[Math.min(step, pages.length)];
  const total = pages.length + 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when somebody went elsewhere
  useEffect(() => {
    const wanted = at ? pages.findIndex((one) => one.section.id === at) : -1;
    if (wanted >= 0) setStep(wanted);
  }, [at]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its title
  useEffect(() => {
    if (!moved.current) return;
    window.scrollTo(0, 0);
    title.current?.focus();
  }, [step]);

  const go = (next: number) => {
    moved.current = true;
    setStep(next);
  };
  const problem = (id: string, found: Problem | null): Problem | null =>
    refused.indexOf(id) >= 0 ? { key: "wrong.refused" } : found;

  const knownBy = (id: string) =>
    fromCard.indexOf(id) >= 0 ? "card" : prefilled.indexOf(id) >= 0 ? "clinic" : null;

  if (!page) {
    return (
      <section className="card" aria-labelledby="step-title">
        <Head step={total} total={total} />
        <h2 id="step-title" ref={title} tabIndex={-1}>
          {t("step.review")}
        </h2>
        <Review
          pages={pages}
          answers={answers}
          onSend={onSend}
          onGo={(index) => {
            const section = pages[index]?.section.id;
            if (section) setLooked((before) => [...before, section]);
            go(index);
          }}
        />
        <button type="button" className="secondary" onClick={() => go(pages.length - 1)}>
          {t("step.back")}
        </button>
      </section>
    );
  }

  const { section, questions } = page;
  const seen = looked.indexOf(section.id) >= 0;
  const wrong = questions.filter((question) => problemOf(question, answers[question.id]) !== null);
  const next = () => {
    if (wrong.length > 0 && !seen) {
      setLooked((before) => [...before, section.id]);
      window.setTimeout(focusWrong, 50);
    } else go(step + 1);
  };
  const intro = step === 0 ? say(form.intro, language) : "";
  return (
    <form
      className="card"
      noValidate
      aria-labelledby="step-title"
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <Head step={Math.min(step, pages.length) + 1} total={total} />
      <h2 id="step-title" ref={title} tabIndex={-1}>
        {say(section.title, language)}
      </h2>
      {intro && <p>{intro}</p>}
      {section.help && <p>{say(section.help, language)}</p>}
      {questions.map((question) => (
        <QuestionView
          key={question.id}
          question={question}
          value={answers[question.id]}
          problem={problem(question.id, seen ? problemOf(question, answers[question.id]) : null)}
          known={knownBy(question.id)}
          around={around}
          onChange={(value) => set(question.id, value)}
        />
      ))}
      {seen && wrong.length > 0 && <Notice tone="bad">{t("step.missing")}</Notice>}
      <button type="submit" className={seen && wrong.length > 0 ? "secondary" : "primary"}>
        {seen && wrong.length > 0 ? t("step.skip") : t("step.next")}
      </button>
      {step > 0 && (
        <button type="button" className="secondary" onClick={() => go(Math.min(step, pages.length) - 1)}>
          {t("step.back")}
        </button>
      )}
    </form>
  );
}

function focusWrong() {
  const first = document.querySelector<HTMLElement>('[data-wrong="true"]');
  first?.scrollIntoView({ block: "start" });
  first?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
}

function Head({ step, total }: { step: number; total: number }) {
  const t = useWords(intakeWords);
  const words = t("step.of", { step, steps: total });
  return (
    <div className="progress">
      <p>{words}</p>
      <progress max={total} value={step} aria-label={words} />
    </div>
  );
}
