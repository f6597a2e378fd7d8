import { useCallback, useEffect, useState } from "react";
import { get, problemType } from "../api";

interface Answer<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** A list of the server: `items` null while it comes, `more` when there are further pages. */
export function useList<Item>(path: string, onFailed: (error: unknown) => void) {
  const [items, setItems] = useState<Item[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    (after: string | null) => {
      setProblem(null);
      const query = after ? `?cursor=${encodeURIComponent(after)}` : "";
      get<Answer<Item>>(`referrer/${path}${query}`).then(
        (answer) => {
          setItems((before) => (after ? [...(before ?? []), ...answer.items] : answer.items));
          setCursor(answer.next_cursor ?? null);
        },
        (error) => {
          setProblem(problemType(error));
          onFailed(error);
        },
      );
    },
    [path, onFailed],
  );
  const again = useCallback(() => load(null), [load]);
  useEffect(again, [again]);
  return { items, problem, again, more: cursor ? () => load(cursor) : null };
}
