import { useLanguage, useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { intakeWords } from "../intake.words";
import { type AgreementAnswer, type Of, say } from "../types";

/** The words in full, then a box to tick. What is kept is the version and the language that were read. */
export function AgreementField({
  question,
  id,
  value,
  onChange,
  wrong,
  describedBy,
}: FieldProps<Of<"agreement">, AgreementAnswer>) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const agreed = value?.agreed === true;
  const read = { version: question.version ?? 0, language };
  const keep = (next: boolean, name: string) => onChange(next ? { agreed: true, name, ...read } : null);
  return (
    <div>
      <div className="agreement">
        {say(question.text, language)
          .split("\n")
          .map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
            <p key={index}>{line}</p>
          ))}
      </div>
      <label className="option">
        <input
          id={id}
          type="checkbox"
          checked={agreed}
          aria-invalid={wrong}
          aria-describedby={describedBy}
          onChange={(event) => keep(event.target.checked, value?.name ?? "")}
        />
        <span>{t("agree.check")}</span>
      </label>
      {question.sign === "name" && agreed && (
        <label className="field">
          {t("agree.name")}
          <input
            value={value?.name ?? ""}
            autoComplete="name"
            maxLength={200}
            onChange={(event) => keep(true, event.target.value)}
          />
        </label>
      )}
    </div>
  );
}
