import { useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "../../api/problem";
import { useSaveDraft } from "./mutations";
import type { Form, FormDetail } from "./queries";

const SETTLE_MS = 700;
export type Keeping = "saved" | "saving" | "stale" | "failed";

/** The draft as it is being written, saved by itself; one request at a time, each on top of the one before. */
export function useDraft(loaded: FormDetail) {
  const { mutateAsync } = useSaveDraft();
  const [form, setForm] = useState<Form>(loaded.draft);
  const [name, setName] = useState(loaded.name);
  const [keeping, setKeeping] = useState<Keeping>("saved");
  const [why, setWhy] = useState("");
  const version = useRef(loaded.version);
  const wanted = useRef<{ form: Form; name: string } | null>(null);
  const running = useRef<Promise<void> | null>(null);
  const timer = useRef<number | undefined>(undefined);

  const send = useCallback(async () => {
    while (wanted.current) {
      const { form: definition, name: called } = wanted.current;
      wanted.current = null;
      const body = { version: version.current, name: called, definition };
      try {
        const kept = await mutateAsync({ path: { form_id: loaded.id }, body });
        version.current = kept.version;
        setKeeping(wanted.current ? "saving" : "saved");
      } catch (error) {
        const problem = problemOf(error);
        const stale = problem.type === "stale-version";
        setWhy(problem.message);
        setKeeping(stale ? "stale" : "failed");
        return;
      }
    }
  }, [mutateAsync, loaded.id]);

  /** Everything written is kept when this resolves. */
  const flush = useCallback(async () => {
    window.clearTimeout(timer.current);
    while (running.current || wanted.current) {
      running.current ??= send().finally(() => {
        running.current = null;
      });
      await running.current;
    }
  }, [send]);

  const keep = (next: Form, called: string) => {
    wanted.current = { form: next, name: called };
    setKeeping("saving");
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(flush, SETTLE_MS);
  };
  // What is written last must not be lost by going elsewhere.
  useEffect(() => () => void flush(), [flush]);

  return {
    form,
    name,
    keeping,
    why,
    flush,
    version: () => version.current,
    setForm: (next: Form) => {
      setForm(next);
      keep(next, name);
    },
    setName: (next: string) => {
      setName(next);
      if (next.trim()) keep(form, next.trim());
    },
    /** The server's draft is another one now: restored, or published with numbers. */
    replace: (detail: FormDetail) => {
      version.current = detail.version;
      wanted.current = null;
      setForm(detail.draft);
      setName(detail.name);
      setKeeping("saved");
    },
  };
}
