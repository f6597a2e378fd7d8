import { type ReactNode, useEffect } from "react";
import type { PatientPage } from "./api";
import { phoneInWords } from "./ui/phone";
import { Practice } from "./ui/practice";
import { common } from "./words/common.words";
import { type Language, useLanguage, useWords } from "./words/language";

const LANGUAGES: [Language, string][] = [
  ["en", "English"],
  ["es", "Español"],
];

/** Whose page it is, in which language, and whom to call. */
export function Shell({ page, children }: { page: PatientPage | null; children: ReactNode }) {
  const t = useWords(common);
  const { language, choose } = useLanguage();
  useEffect(() => {
    if (page) document.title = page.practice;
  }, [page]);
  return (
    <div className="page">
      <header className="top">
        <Practice page={page} />
        <fieldset className="languages">
          <legend className="quiet">{t("page.language")}</legend>
          {LANGUAGES.map(([code, name]) => (
            <button
              key={code}
              type="button"
              lang={code}
              aria-pressed={language === code}
              onClick={() => choose(code)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </header>
      <main id="main">
        {page?.person && <h1>{t("page.for", { person: page.person })}</h1>}
        {children}
      </main>
      <footer className="help">
        <p>
          {t("help.question")}{" "}
          {page?.phone ? (
            <a href={`tel:${page.phone}`}>{t("help.call", { phone: phoneInWords(page.phone) })}</a>
          ) : (
            t("help.clinic")
          )}
        </p>
        {page && <p>{t("help.notYou")}</p>}
      </footer>
    </div>
  );
}
