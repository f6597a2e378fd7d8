import { NumberScale } from "../../ui/number-scale";
import { useLanguage, useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { intakeWords } from "../intake.words";
import { type Of, say } from "../types";

/** One of several. */
export function ChoiceField({ question, id, value, onChange }: FieldProps<Of<"choice">, string>) {
  const { language } = useLanguage();
  return (
    <div className="options">
      {(question.options ?? []).map((option) => (
        <label key={option.id} className="option">
          <input type="radio" name={id} checked={value === option.id} onChange={() => onChange(option.id)} />
          <span>{say(option.label, language)}</span>
        </label>
      ))}
    </div>
  );
}

/** Any of several; one that stands alone takes back the others. */
export function MultiChoiceField({ question, value, onChange }: FieldProps<Of<"multi_choice">, string[]>) {
  const { language } = useLanguage();
  const chosen = value ?? [];
  const options = question.options ?? [];
  const toggle = (id: string, alone: boolean) => {
    if (chosen.indexOf(id) >= 0) return keep(chosen.filter((one) => one !== id));
    const lone = options.filter((option) => option.alone).map((option) => option.id);
    keep(alone ? [id] : [...chosen.filter((one) => lone.indexOf(one) < 0), id]);
  };
  const keep = (next: string[]) => onChange(next.length > 0 ? next : null);
  return (
    <div className="options">
      {options.map((option) => (
        <label key={option.id} className="option">
          <input
            type="checkbox"
            checked={chosen.indexOf(option.id) >= 0}
            onChange={() => toggle(option.id, option.alone ?? false)}
          />
          <span>{say(option.label, language)}</span>
        </label>
      ))}
    </div>
  );
}

/** Yes or no, side by side. */
export function YesNoField({ id, value, onChange }: FieldProps<Of<"yes_no">, boolean>) {
  const t = useWords(intakeWords);
  return (
    <div className="options pair">
      {[true, false].map((answer) => (
        <label key={String(answer)} className="option">
          <input type="radio" name={id} checked={value === answer} onChange={() => onChange(answer)} />
          <span>{t(answer ? "yes" : "no")}</span>
        </label>
      ))}
    </div>
  );
}

/** 0 to 10. */
export function ScaleField({ question, id, value, onChange }: FieldProps<Of<"scale">, number>) {
  const { language } = useLanguage();
  return (
    <NumberScale
      id={id}
      value={value}
      onChange={onChange}
      low={say(question.low, language)}
      high={say(question.high, language)}
    />
  );
}
