import { useEffect, useState } from "react";
import type { TimeOut, TimesOut } from "../../api/generated";
import { get } from "../api";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { Waiting } from "../ui/waiting";
import { useLanguage, useWords } from "../words/language";
import type { Notes } from "./notes";
import { Review } from "./review";
import { dayInWords, type Part, partOf, timeInWords } from "./times";
import { words } from "./visit.words";

interface Props {
  moving: boolean;
  note: Notes;
  onChosen: (time: TimeOut) => Promise<void>;
  onKeep: () => void;
  onFailed: (error: unknown) => void;
}

const PARTS: Part[] = ["morning", "afternoon", "evening"];

/** A day, then a time, then one look before it counts. */
export function Choose({ moving, note, onChosen, onKeep, onFailed }: Props) {
  const t = useWords(words);
  const { language } = useLanguage();
  const [starts, setStarts] = useState<(string | null)[]>([null]);
  const [day, setDay] = useState<string | null>(null);
  const [found, setFound] = useState<TimesOut | null>(null);
  const [picked, setPicked] = useState<TimeOut | null>(null);
  const start = starts[starts.length - 1] ?? null;

  useEffect(() => {
    let wanted = true;
    const asked = [start && `start=${start}`, day && `day=${day}`].filter(Boolean).join("&");
    get<TimesOut>(`visit/times${asked && `?${asked}`}`).then(
      (times) => wanted && setFound(times),
      (error) => wanted && onFailed(error),
    );
    return () => {
      wanted = false;
    };
  }, [start, day, onFailed]);

  function look(next: (string | null)[]) {
    setStarts(next);
    setDay(null);
    setFound(null);
  }

  if (picked) {
    return (
      <Review time={picked} moving={moving} onYes={() => onChosen(picked)} onBack={() => setPicked(null)} />
    );
  }
  return (
    <section className="card">
      <Title quiet={note !== null}>{t(moving ? "choose.other" : "choose.first")}</Title>
      {note && <Notice tone={note.tone}>{t(note.text)}</Notice>}
      {!found && <Waiting text={t("choose.loading")} />}
      {found && found.days.length === 0 && <p>{t("choose.none")}</p>}
      {found && found.days.length > 0 && (
        <>
          <h3 id="day">{t("choose.day")}</h3>
          <ul className="days" aria-labelledby="day">
            {found.days.map((item) => (
              <li key={item.date}>
                <button
                  type="button"
                  className="choice"
                  aria-pressed={item.date === found.day}
                  onClick={() => setDay(item.date)}
                >
                  {dayInWords(item.date, language)}
                  <span className="small">
                    {item.count === 1 ? t("choose.countOne") : t("choose.count", { count: item.count })}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {found.day && <Times found={found} day={found.day} onPick={setPicked} />}
        </>
      )}
      {found?.later && (
        <button type="button" className="secondary" onClick={() => look([...starts, found.later])}>
          {t("choose.later")}
        </button>
      )}
      {starts.length > 1 && (
        <button type="button" className="secondary" onClick={() => look(starts.slice(0, -1))}>
          {t("choose.earlier")}
        </button>
      )}
      {moving && (
        <button type="button" className="secondary" onClick={onKeep}>
          {t("choose.keep")}
        </button>
      )}
    </section>
  );
}

function Times({ found, day, onPick }: { found: TimesOut; day: string; onPick: (time: TimeOut) => void }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const places = new Set(found.times.map((time) => time.location_id)).size;
  return (
    <div aria-live="polite">
      <h3>{t("choose.time", { day: dayInWords(day, language) })}</h3>
      {PARTS.map((part) => {
        const times = found.times.filter((time) => partOf(time.starts_at, time.timezone) === part);
        if (times.length === 0) return null;
        return (
          <section key={part} aria-label={t(`part.${part}`)}>
            <p className="small">{t(`part.${part}`)}</p>
            <ul className="times">
              {times.map((time) => (
                <li key={time.starts_at}>
                  <button type="button" className="choice" onClick={() => onPick(time)}>
                    {timeInWords(time.starts_at, language, time.timezone)}
                    {places > 1 && <span className="small">{time.location}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
