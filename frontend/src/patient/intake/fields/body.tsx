import { useState } from "react";
import { useLanguage, useWords } from "../../words/language";
import type { FieldProps, Surroundings } from "../field";
import { intakeWords } from "../intake.words";
import { type Area, type Of, say } from "../types";

type Props = FieldProps<Of<"body_diagram">, string[]> & { around: Surroundings };
const VIEWS = ["front", "back"] as const;

/** The body to tap on; the list says and does the same for keys and screen readers. */
export function BodyField({ id, value, onChange, describedBy, around }: Props) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const { areas } = around;
  const [listed, setListed] = useState(false);
  const chosen = value ?? [];
  const toggle = (area: string) => {
    const next = chosen.indexOf(area) >= 0 ? chosen.filter((one) => one !== area) : [...chosen, area];
    onChange(next.length > 0 ? next : null);
  };
  const names = areas.filter((area) => chosen.indexOf(area.id) >= 0).map((area) => say(area.words, language));
  return (
    <div aria-describedby={describedBy}>
      <div className="tabs">
        <button type="button" aria-pressed={!listed} onClick={() => setListed(false)}>
          {t("body.picture")}
        </button>
        <button type="button" id={id} aria-pressed={listed} onClick={() => setListed(true)}>
          {t("body.list")}
        </button>
      </div>
      {listed ? (
        <AreaList areas={areas} chosen={chosen} toggle={toggle} />
      ) : (
        <div className="bodies">
          {VIEWS.map((view) => (
            <Figure key={view} view={view} areas={areas} chosen={chosen} toggle={toggle} />
          ))}
        </div>
      )}
      <p role="status">
        {names.length > 0 ? t("body.chosen", { areas: names.join("; ") }) : t("body.nothing")}
      </p>
    </div>
  );
}

interface Part {
  areas: Area[];
  chosen: string[];
  toggle: (area: string) => void;
}

function Figure({ view, areas, chosen, toggle }: Part & { view: "front" | "back" }) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  return (
    <figure>
      <figcaption>{t(view === "front" ? "body.front" : "body.back")}</figcaption>
      <svg viewBox="0 0 200 440" aria-hidden="true" focusable="false">
        {areas
          .filter((area) => area.view === view)
          .map((area) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list is the way for keys and screen readers
            <polygon
              key={area.id}
              points={area.points.map((point) => point.join(",")).join(" ")}
              className={chosen.indexOf(area.id) >= 0 ? "area marked" : "area"}
              onClick={() => toggle(area.id)}
            >
              <title>{say(area.words, language)}</title>
            </polygon>
          ))}
      </svg>
    </figure>
  );
}

function AreaList({ areas, chosen, toggle }: Part) {
  const { language } = useLanguage();
  return (
    <div className="options narrow">
      {areas.map((area) => (
        <label key={area.id} className="option">
          <input type="checkbox" checked={chosen.indexOf(area.id) >= 0} onChange={() => toggle(area.id)} />
          <span>{say(area.words, language)}</span>
        </label>
      ))}
    </div>
  );
}
