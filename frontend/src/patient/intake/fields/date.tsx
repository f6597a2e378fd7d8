import { useState } from "react";
import { useLanguage, useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { intakeWords } from "../intake.words";
import type { Of } from "../types";

/** Month by name, day and year by number: nobody mistakes one for the other. */
export function DateField({ id, value, onChange, wrong, describedBy }: FieldProps<Of<"date">, string>) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  const [parts, setParts] = useState(() => {
    const [year = "", month = "", day = ""] = (value ?? "").split("-");
    return { year, month: month.replace(/^0/, ""), day: day.replace(/^0/, "") };
  });
  const names = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const months = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((month) =>
    names.format(new Date(Date.UTC(2001, month, 1))),
  );
  const set = (change: Partial<typeof parts>) => {
    const next = { ...parts, ...change };
    setParts(next);
    const { year, month, day } = next;
    const whole = month && /^\d{1,2}$/.test(day) && /^\d{4}$/.test(year);
    onChange(whole ? `${year}-${`0${month}`.slice(-2)}-${`0${day}`.slice(-2)}` : null);
  };
  const shared = { "aria-invalid": wrong, "aria-describedby": describedBy };
  return (
    <div className="birth-date">
      <label className="field month">
        {t("date.month")}
        <select
          id={id}
          value={parts.month}
          onChange={(event) => set({ month: event.target.value })}
          {...shared}
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
        {t("date.day")}
        <input
          value={parts.day}
          inputMode="numeric"
          maxLength={2}
          onChange={(event) => set({ day: event.target.value.trim() })}
          {...shared}
        />
      </label>
      <label className="field year">
        {t("date.year")}
        <input
          value={parts.year}
          inputMode="numeric"
          maxLength={4}
          onChange={(event) => set({ year: event.target.value.trim() })}
          {...shared}
        />
      </label>
    </div>
  );
}
