import { type ReactNode, useEffect } from "react";
import type { ReferrerPageOut } from "../../api/generated";
import { phoneInWords } from "../ui/phone";
import { Practice } from "../ui/practice";

interface Props {
  page: ReferrerPageOut | null;
  title: string;
  children: ReactNode;
}

/** Whose page it is, and whom to call. */
export function Shell({ page, title, children }: Props) {
  useEffect(() => {
    if (page) document.title = page.practice;
  }, [page]);
  return (
    <div className="page">
      <header className="top">
        <Practice page={page} />
      </header>
      <main id="main">
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="help">
        <p>
          Questions?{" "}
          {page?.phone ? (
            <a href={`tel:${page.phone}`}>Call {phoneInWords(page.phone)}</a>
          ) : (
            "Call the practice."
          )}
        </p>
        {page && <p>Not your office? Please close this page and tell the practice.</p>}
      </footer>
    </div>
  );
}
