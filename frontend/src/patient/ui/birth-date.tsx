import { type CommonKey, common } from "../words/common.words";
import { useLanguage, useWords } from "../words/language";

export interface DateParts {
  month: string;
  day: string;
  year: string;
}

export const NO_DATE: DateParts = { month: "", day: "", year: "" };

/** The date as the server takes it, or what is wrong with it. */
export function isoDate(parts: DateParts): { iso: string; problem: CommonKey | null } {
  const month = Number(parts.month);
  const day = Number(parts.day);
  const year = Number(parts.year);
  if (!month || !day || !/^\d{4}$/.test(parts.year.trim())) return { iso: "", problem: "check.incomplete" };
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    return { iso: "", problem: "check.noSuchDay" };
  }
  return { iso: date.toISOString().slice(0, 10), problem: null };
}

interface Props {
  value: DateParts;
  onChange: (value: DateParts) => void;
  describedBy?: string;
}

/** Month by name, day and year by number: nobody mistakes one for the other. */
export function BirthDate({ value, onChange, describedBy }: Props) {
  const t = useWords(common);
  const { language } = useLanguage();
  const names = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const months = Array.from({ length: 12 }, (_, month) => names.format(new Date(Date.UTC(2001, month, 1))));
  return (
    <fieldset className="birth-date" aria-describedby={describedBy}>
      <legend>{t("check.dob")}</legend>
      <label className="field month">
        {t("check.month")}
        <select
          value={value.month}
          autoComplete="bday-month"
          onChange={(event) => onChange({ ...value, month: event.target.value })}
        >
          <option value="" />
          {months.map((name, month) => (
            <option key={name} value={month + 1}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field day">
        {t("check.day")}
        <input
          value={value.day}
          inputMode="numeric"
          autoComplete="bday-day"
          maxLength={2}
          onChange={(event) => onChange({ ...value, day: event.target.value })}
        />
      </label>
      <label className="field year">
        {t("check.year")}
        <input
          value={value.year}
          inputMode="numeric"
          autoComplete="bday-year"
          maxLength={4}
          onChange={(event) => onChange({ ...value, year: event.target.value })}
        />
      </label>
    </fieldset>
  );
}
