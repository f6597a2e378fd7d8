import { useRef } from "react";
import { NumberScale } from "../../ui/number-scale";
import { useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { type IntakeKey, intakeWords } from "../intake.words";
import type { Activity, Medications, Medicine, Of } from "../types";

const NO_MEDICINE: Medicine = { name: "", dose: "", often: "" };
const NO_ACTIVITY: Activity = { activity: "", score: null };
const PARTS: { name: keyof Medicine; label: IntakeKey }[] = [
  { name: "name", label: "medicine.name" },
  { name: "dose", label: "medicine.dose" },
  { name: "often", label: "medicine.often" },
];

/** The first field of a row that was just added. */
function useNewRow() {
  const box = useRef<HTMLDivElement>(null);
  const focusLast = () =>
    window.setTimeout(() => {
      const rows = box.current?.querySelectorAll<HTMLElement>(".row");
      rows?.[rows.length - 1]?.querySelector<HTMLElement>("input")?.focus();
    }, 30);
  return { box, focusLast };
}

/** Medicines one by one, or the word that there are none. */
export function MedicationsField({ id, value, onChange }: FieldProps<Of<"medications">, Medications>) {
  const t = useWords(intakeWords);
  const { box, focusLast } = useNewRow();
  const { none = false, items = [] } = value ?? {};
  const keep = (next: Medications) => onChange(next.none || next.items.length > 0 ? next : null);
  const set = (index: number, change: Partial<Medicine>) =>
    keep({ none: false, items: items.map((item, at) => (at === index ? { ...item, ...change } : item)) });
  return (
    <div ref={box}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
        <fieldset key={index} className="row">
          <legend>{t("medicine.number", { number: index + 1 })}</legend>
          {PARTS.map((part) => (
            <label key={part.name} className="field">
              {t(part.label)}
              <input
                value={item[part.name]}
                maxLength={200}
                autoComplete="off"
                onChange={(event) => set(index, { [part.name]: event.target.value })}
              />
            </label>
          ))}
          <button
            type="button"
            className="linklike"
            onClick={() => keep({ none: false, items: items.filter((_, at) => at !== index) })}
          >
            {t("removeNamed", { name: item.name || t("medicine.number", { number: index + 1 }) })}
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        id={id}
        className="secondary small"
        onClick={() => {
          keep({ none: false, items: [...items, NO_MEDICINE] });
          focusLast();
        }}
      >
        {t("medicine.add")}
      </button>
      {items.length === 0 && (
        <label className="option">
          <input
            type="checkbox"
            checked={none}
            onChange={(event) => keep({ none: event.target.checked, items: [] })}
          />
          <span>{t("medicine.none")}</span>
        </label>
      )}
    </div>
  );
}

/** The patient's own activities, each with a number. */
export function ActivitiesField({ question, id, value, onChange }: FieldProps<Of<"activities">, Activity[]>) {
  const t = useWords(intakeWords);
  const { box, focusLast } = useNewRow();
  const given = value ?? [];
  const least = question.least ?? 3;
  // As many as are asked for stand there from the beginning.
  const items = [...given, ...Array<Activity>(Math.max(0, least - given.length)).fill(NO_ACTIVITY)];
  const keep = (next: Activity[]) => {
    const said = next.some((item) => item.activity.trim() || item.score !== null);
    onChange(said ? next : null);
  };
  const set = (index: number, change: Partial<Activity>) =>
    keep(items.map((item, at) => (at === index ? { ...item, ...change } : item)));
  return (
    <div ref={box}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
        <fieldset key={index} className="row">
          <legend>{t("activity.number", { number: index + 1 })}</legend>
          <label className="field">
            {t("activity.what")}
            <input
              id={index === 0 ? id : undefined}
              value={item.activity}
              maxLength={200}
              autoComplete="off"
              onChange={(event) => set(index, { activity: event.target.value })}
            />
          </label>
          <fieldset className="inner">
            <legend>{t("activity.score")}</legend>
            <NumberScale
              id={`${id}-${index}`}
              value={item.score}
              onChange={(score) => set(index, { score })}
              low={t("activity.low")}
              high={t("activity.high")}
            />
          </fieldset>
          {items.length > least && (
            <button
              type="button"
              className="linklike"
              onClick={() => keep(items.filter((_, at) => at !== index))}
            >
              {t("removeNamed", { name: item.activity || t("activity.number", { number: index + 1 }) })}
            </button>
          )}
        </fieldset>
      ))}
      {items.length < (question.most ?? 5) && (
        <button
          type="button"
          className="secondary small"
          onClick={() => {
            onChange([...items, NO_ACTIVITY]);
            focusLast();
          }}
        >
          {t("activity.add")}
        </button>
      )}
    </div>
  );
}
