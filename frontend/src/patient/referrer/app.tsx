import { useCallback, useEffect, useRef, useState } from "react";
import type { ReferrerPageOut } from "../../api/generated";
import { get, opened, post, problemType } from "../api";
import { Check } from "./check";
import { Home } from "./home";
import { Shell } from "./shell";
import { isFinal, problemInWords } from "./words";

type State =
  | { kind: "opening" }
  | { kind: "failed"; type: string; page: ReferrerPageOut | null }
  | { kind: "page"; page: ReferrerPageOut };

/** Turn the token of the address into a session and forget it; after a reload the session goes on. */
async function enter(): Promise<ReferrerPageOut> {
  const token = location.hash.slice(1);
  if (!token) return opened(await get<ReferrerPageOut>("referrer/session"));
  const page = opened(await post<ReferrerPageOut>("referrer/exchange", { token }));
  history.replaceState(null, "", location.pathname);
  return page;
}

/** One link, from the mail to the referrer's own patients. */
export function App() {
  const [state, setState] = useState<State>({ kind: "opening" });
  const latest = useRef(0);
  const show = useCallback((page: ReferrerPageOut) => setState({ kind: "page", page: opened(page) }), []);
  const fail = useCallback(
    (error: unknown) =>
      setState((before) => ({
        kind: "failed",
        type: problemType(error),
        page: before.kind === "page" ? before.page : null,
      })),
    [],
  );
  // A list that could not be read says so itself; only what ends the session ends the page.
  const failFinally = useCallback((error: unknown) => isFinal(problemType(error)) && fail(error), [fail]);
  const open = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    setState({ kind: "opening" });
    enter().then(
      (page) => mine === latest.current && show(page),
      (error) => mine === latest.current && fail(error),
    );
  }, [show, fail]);
  useEffect(() => {
    document.documentElement.className = "office";
    open();
    const changed = () => location.hash.length > 1 && open();
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, [open]);

  if (state.kind === "opening") {
    return (
      <p className="opening waiting" role="status">
        <span className="wheel" aria-hidden="true" /> Opening your page…
      </p>
    );
  }
  if (state.kind === "failed") {
    return (
      <Shell page={state.page} title="This page can not go on">
        <div className="card" role="alert">
          <p>{problemInWords(state.type)}</p>
          {!isFinal(state.type) && (
            <button type="button" className="primary narrow" onClick={open}>
              Try again
            </button>
          )}
        </div>
      </Shell>
    );
  }
  const { page } = state;
  return page.verified ? (
    <Shell page={page} title={`Patients of ${page.name}`}>
      <Home page={page} onFailed={failFinally} />
    </Shell>
  ) : (
    <Shell page={page} title={`For ${page.name}`}>
      <Check page={page} onRight={show} onFailed={fail} />
    </Shell>
  );
}
