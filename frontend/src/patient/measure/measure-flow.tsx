import { useCallback, useEffect, useRef, useState } from "react";
import type { PatientMeasuresOut } from "../../api/generated";
import { post, problemType } from "../api";
import type { FlowProps } from "../flow";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { Waiting } from "../ui/waiting";
import { useLanguage, useWords } from "../words/language";
import { End } from "./end";
import { measureWords } from "./measure.words";
import { Questions } from "./questions";
import { MeasureSaver, type SaveState } from "./saving";
import { type GivenAll, givenOf, lacking, screensOf } from "./screens";
import "../intake/intake.css";

/** How the patient is doing, question by question; what is answered is kept as it is answered. */
export default function MeasureFlow({ onFailed }: FlowProps) {
  const t = useWords(measureWords);
  const [found, setFound] = useState<PatientMeasuresOut | null>(null);
  const [done, setDone] = useState<"now" | "before" | null>(null);
  const stop = useCallback(
    (error: unknown) => {
      if (problemType(error) === "measure-submitted") setDone("before");
      else onFailed(error);
    },
    [onFailed],
  );
  useEffect(() => {
    post<PatientMeasuresOut>("links/measures/begin", {}, "begin").then(setFound, stop);
  }, [stop]);

  if (done) {
    return (
      <section className="card">
        <Title>{t("done.title")}</Title>
        <Notice tone="good">{t(done === "now" ? "done.text" : "done.already")}</Notice>
      </section>
    );
  }
  if (!found) return <Waiting text={t("loading")} />;
  return <Asked found={found} stop={stop} onSent={() => setDone("now")} />;
}

interface AskedProps {
  found: PatientMeasuresOut;
  stop: (error: unknown) => void;
  onSent: () => void;
}

function Asked({ found, stop, onSent }: AskedProps) {
  const t = useWords(measureWords);
  const { language } = useLanguage();
  const screens = screensOf(found.measures);
  const [all, setAll] = useState<GivenAll>(found.answers as GivenAll);
  // Whoever comes back goes on where they stopped.
  const [at, setAt] = useState(() => {
    const first = screens.findIndex((screen) => lacking(screen, found.answers as GivenAll) > 0);
    return first < 0 ? screens.length : first;
  });
  const moved = useRef(false);
  const [saving, setSaving] = useState<SaveState>("saved");
  const saver = useRef<MeasureSaver | null>(null);
  if (saver.current === null) saver.current = new MeasureSaver({ state: setSaving, failed: stop });
  useEffect(() => {
    const leave = () => saver.current?.leave();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);

  const go = (next: number) => {
    moved.current = true;
    window.scrollTo(0, 0);
    setAt(next);
  };
  const send = async (): Promise<string | null> => {
    try {
      await saver.current?.flush();
      await post("links/measures/submit", { language }, "submit");
      onSent();
      return null;
    } catch (error) {
      const type = problemType(error);
      if (type === "measure-empty" || type === "unreachable") return type;
      stop(error);
      return null;
    }
  };

  const screen = screens[at];
  const kept = (
    <p className={`kept ${saving}`} role="status">
      {t(`saved.${saving}`)}
    </p>
  );
  if (!screen) {
    return (
      <>
        <End screens={screens} all={all} onGo={go} onSend={send} />
        {kept}
      </>
    );
  }
  const given = givenOf(screen.measure, all);
  const open = lacking(screen, all) > 0;
  return (
    <>
      {at === 0 && (
        <section>
          <Title quiet={!moved.current}>{t("title")}</Title>
          <p>{t("intro")}</p>
        </section>
      )}
      <form
        className="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          go(at + 1);
        }}
      >
        <div className="progress">
          <p>{t("progress", { number: at + 1, total: screens.length })}</p>
          <progress value={at} max={screens.length} aria-hidden="true" />
        </div>
        <Title key={at} quiet={!moved.current || at === 0}>
          {screen.kind === "item" ? screen.measure.name : t(`${screen.kind}.title`)}
        </Title>
        <Questions
          key={`${screen.measure.key}-${screen.index}`}
          screen={screen}
          given={given}
          onChange={(next) => {
            setAll((before) => ({ ...before, [screen.measure.key]: next }));
            saver.current?.set(screen.measure.key, next);
          }}
          onTapped={() => window.setTimeout(() => go(at + 1), 200)}
        />
        <button type="submit" className={open ? "secondary" : "primary"}>
          {t(open ? "skip" : "next")}
        </button>
        {at > 0 && (
          <button type="button" className="secondary" onClick={() => go(at - 1)}>
            {t("back")}
          </button>
        )}
      </form>
      {kept}
    </>
  );
}
