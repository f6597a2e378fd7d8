import { useState } from "react";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { common } from "../words/common.words";
import { useWords } from "../words/language";
import { measureWords } from "./measure.words";
import { type GivenAll, lacking, type Screen } from "./screens";

interface Props {
  screens: Screen[];
  all: GivenAll;
  onGo: (index: number) => void;
  /** Resolves with the type of what went wrong, if the patient can do something about it. */
  onSend: () => Promise<string | null>;
}

/** What is missing, and the button that sends it all. */
export function End({ screens, all, onGo, onSend }: Props) {
  const t = useWords(measureWords);
  const help = useWords(common);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const missing = screens.reduce((sum, screen) => sum + lacking(screen, all), 0);
  const first = screens.findIndex((screen) => lacking(screen, all) > 0);

  async function send() {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    setWrong(await onSend());
    setBusy(false);
  }

  return (
    <section className="card">
      <Title>{t("end.title")}</Title>
      {missing === 0 ? (
        <p>{t("end.all")}</p>
      ) : (
        <>
          <Notice tone="plain">{missing === 1 ? t("end.one") : t("end.some", { count: missing })}</Notice>
          <button type="button" className="primary" onClick={() => onGo(first)}>
            {t(missing === 1 ? "end.go" : "end.goSome")}
          </button>
        </>
      )}
      {wrong && (
        <Notice tone="bad">{wrong === "measure-empty" ? t("end.empty") : help("problem.unreachable")}</Notice>
      )}
      <button
        type="button"
        className={missing === 0 ? "primary" : "secondary"}
        aria-disabled={busy}
        onClick={send}
      >
        {t(busy ? "end.sending" : missing === 0 ? "end.send" : "end.anyway")}
      </button>
      {missing === 0 && screens.length > 0 && (
        <button type="button" className="secondary" onClick={() => onGo(screens.length - 1)}>
          {t("back")}
        </button>
      )}
    </section>
  );
}
