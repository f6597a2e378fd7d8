import { useCallback, useEffect, useState } from "react";
import type { PatientUploads } from "../../api/generated";
import { get, problemType } from "../api";
import { isFinal } from "../ui/failed";

const OFTEN_MS = 1500;
const SELDOM_MS = 6000;
const SOON = 20;

/** What was sent so far; looked at again while something is being read. */
export function usePapers(onFailed: (error: unknown) => void) {
  const [papers, setPapers] = useState<PatientUploads | null>(null);
  const [looks, setLooks] = useState(0);

  const load = useCallback(
    () =>
      get<PatientUploads>("uploads").then(setPapers, (error) => {
        // A look that fails in between is only repeated.
        if (isFinal(problemType(error))) onFailed(error);
      }),
    [onFailed],
  );
  useEffect(() => {
    load();
  }, [load]);

  const reading = papers === null || papers.items.some((item) => item.state === "reading");
  useEffect(() => {
    if (!reading) return undefined;
    const timer = setTimeout(
      () => load().then(() => setLooks(looks + 1)),
      looks < SOON ? OFTEN_MS : SELDOM_MS,
    );
    return () => clearTimeout(timer);
  }, [reading, looks, load]);

  const look = useCallback(() => {
    setLooks(0);
    return load();
  }, [load]);
  return { papers, look };
}
