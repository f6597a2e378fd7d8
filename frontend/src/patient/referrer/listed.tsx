import type { ReactNode } from "react";
import { Notice } from "../ui/notice";
import { Title } from "../ui/title";
import { problemInWords } from "./words";

interface Props {
  title: string;
  count: number | undefined;
  problem: string | null;
  /** Said of an empty list; without it, a list that may well be empty. */
  nothing?: string;
  onAgain: () => void;
  onMore: (() => void) | null;
  before?: ReactNode;
  children: ReactNode;
}

/** A list with its title: coming, empty, not readable, or with more to come. */
export function Listed({ title, count, problem, nothing, onAgain, onMore, before, children }: Props) {
  return (
    <section className="card">
      <Title>{title}</Title>
      {before}
      {problem && (
        <Notice tone="bad">
          {problemInWords(problem)}{" "}
          <button type="button" className="small-button" onClick={onAgain}>
            Try again
          </button>
        </Notice>
      )}
      {count === undefined && !problem && (
        <p className="waiting" role="status">
          <span className="wheel" aria-hidden="true" /> One moment…
        </p>
      )}
      {count === 0 && nothing && <p>{nothing}</p>}
      <ul className="rows">{children}</ul>
      {onMore && (
        <button type="button" className="small-button" onClick={onMore}>
          Show earlier
        </button>
      )}
    </section>
  );
}
