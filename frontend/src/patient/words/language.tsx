import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type Language = "en" | "es";
/** The same sentences in both languages; `{name}` is filled in. */
export type Catalogue<Key extends string> = Record<Language, Record<Key, string>>;
export type Words<Key extends string> = (key: Key, facts?: Record<string, string | number>) => string;

interface Chosen {
  language: Language;
  /** The patient chose it. */
  choose: (language: Language) => void;
  /** The practice knows it; counts only until the patient chooses. */
  suggest: (language: Language | null) => void;
}

const KEPT = "frontdesk-language";
const Context = createContext<Chosen>({ language: "en", choose: () => {}, suggest: () => {} });

/** The language of everything below: chosen by the patient, else as they text, else the phone's. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Language | null>(kept);
  const [suggested, setSuggested] = useState<Language | null>(null);
  const language = chosen ?? suggested ?? ofPhone();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        keep(next);
        setChosen(next);
      },
      suggest: setSuggested,
    }),
    [language],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** The language and how to change it. */
export function useLanguage(): Chosen {
  return useContext(Context);
}

/** The sentences of one catalogue in the language of the page. */
export function useWords<Key extends string>(catalogue: Catalogue<Key>): Words<Key> {
  const { language } = useLanguage();
  return (key, facts) => filled(catalogue[language][key], facts);
}

/** A sentence with its facts. */
export function filled(sentence: string, facts: Record<string, string | number> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in facts ? String(facts[name]) : whole,
  );
}

function ofPhone(): Language {
  return /^es\b/i.test(navigator.language || "") ? "es" : "en";
}

function kept(): Language | null {
  try {
    const found = sessionStorage.getItem(KEPT);
    return found === "en" || found === "es" ? found : null;
  } catch {
    return null; // private mode of old phones
  }
}

function keep(language: Language): void {
  try {
    sessionStorage.setItem(KEPT, language);
  } catch {
    // it is only forgotten on the next visit
  }
}
