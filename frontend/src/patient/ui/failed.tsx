import { useEffect, useRef } from "react";
import { type CommonKey, common } from "../words/common.words";
import { useWords } from "../words/language";

const WORDS: Record<string, CommonKey> = {
  "link-not-usable": "problem.link",
  "page-closed": "problem.closed",
  "other-page": "problem.other",
  "slow-down": "problem.often",
  unreachable: "problem.unreachable",
};
const FINAL = ["link-not-usable", "page-closed", "other-page", "check-first"];

/** Whether the page can not go on after this. */
export function isFinal(type: string): boolean {
  return FINAL.indexOf(type) >= 0;
}

/** Why the page can not go on, and what to do. */
export function Failed({ type, onAgain }: { type: string; onAgain?: () => void }) {
  const t = useWords(common);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section className="card" aria-labelledby="failed">
      <h1 id="failed" ref={title} tabIndex={-1}>
        {t("problem.title")}
      </h1>
      <p>{t(WORDS[type] ?? "problem.error")}</p>
      <p>{t("problem.call")}</p>
      {onAgain && !isFinal(type) && (
        <button type="button" className="primary" onClick={onAgain}>
          {t("problem.again")}
        </button>
      )}
    </section>
  );
}
