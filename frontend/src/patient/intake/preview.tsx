import { useEffect, useState } from "react";
import { Notice } from "../ui/notice";
import { useLanguage, useWords } from "../words/language";
import { intakeWords } from "./intake.words";
import { Steps } from "./steps";
import { type Answers, type Area, type Form, say } from "./types";
import "./intake.css";

interface Shown {
  form: Form;
  areas: Area[];
  language: "en" | "es";
  section: string | undefined;
}

/** What a patient will see, as the page around this frame writes the form. Nothing is saved or sent. */
export default function Preview() {
  const t = useWords(intakeWords);
  const { language, choose } = useLanguage();
  const [shown, setShown] = useState<Shown | null>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [sent, setSent] = useState(false);

  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.origin !== location.origin || event.source !== window.parent) return;
      const data = event.data as Partial<Shown> & { type?: string };
      if (data.type !== "preview" || !data.form) return;
      choose(data.language === "es" ? "es" : "en");
      setShown({ areas: [], language: "en", section: undefined, ...data } as Shown);
      setSent(false);
    };
    window.addEventListener("message", hear);
    window.parent.postMessage({ type: "preview-ready" }, location.origin);
    return () => window.removeEventListener("message", hear);
  }, [choose]);

  if (!shown) return null;
  return (
    <div className="page">
      <main>
        <h1 className="form-title">{say(shown.form.title, language)}</h1>
        {sent ? (
          <Notice tone="good">{t("done.title")}</Notice>
        ) : (
          <Steps
            form={shown.form}
            answers={answers}
            prefilled={[]}
            fromCard={[]}
            refused={[]}
            around={{ areas: shown.areas, suggest: () => {}, preview: true }}
            set={(id, value) => setAnswers((before) => ({ ...before, [id]: value }))}
            onSend={async () => setSent(true)}
            at={shown.section}
          />
        )}
      </main>
    </div>
  );
}
