import { useState } from "react";
import { Notice } from "../ui/notice";
import { useLanguage, useWords } from "../words/language";
import { problemOf } from "./checks";
import { intakeWords } from "./intake.words";
import { type Answers, type Question, type Section, say } from "./types";

interface Props {
  pages: { section: Section; questions: Question[] }[];
  answers: Answers;
  onSend: () => Promise<void>;
  onGo: (index: number) => void;
}

/** What is missing, with the way to it; when nothing is, the button that sends the form. */
export function Review({ pages, answers, onSend, onGo }: Props) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  const missing = pages
    .map(({ section, questions }, index) => ({
      index,
      section,
      questions: questions.filter((question) => problemOf(question, answers[question.id]) !== null),
    }))
    .filter((page) => page.questions.length > 0);

  async function send() {
    if (busy) return;
    setBusy(true);
    await onSend();
    setBusy(false);
  }

  if (missing.length > 0) {
    return (
      <>
        <Notice tone="plain">{t("review.missing")}</Notice>
        <ul className="missing">
          {missing.map(({ index, section, questions }) => (
            <li key={section.id}>
              <button type="button" className="linklike" onClick={() => onGo(index)}>
                {say(section.title, language)}
              </button>
              <ul>
                {questions.map((question) => (
                  <li key={question.id}>{say(question.label, language)}</li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        <p>{t("review.later")}</p>
      </>
    );
  }
  return (
    <>
      <p>{t("review.ready")}</p>
      <button type="button" className="primary" aria-disabled={busy} onClick={send}>
        {t(busy ? "review.sending" : "review.send")}
      </button>
    </>
  );
}
