import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { get, opened, type PatientPage, post, problemType } from "./api";
import { Check } from "./check";
import { flowOf, warm } from "./flows";
import { Shell } from "./shell";
import { Failed } from "./ui/failed";
import { Waiting } from "./ui/waiting";
import { useLanguage } from "./words/language";

type State =
  | { kind: "opening" }
  | { kind: "failed"; type: string; page: PatientPage | null }
  | { kind: "page"; page: PatientPage };

/** Turn the token of the address into a session and forget it; after a reload the session goes on. */
async function enter(): Promise<PatientPage> {
  const token = location.hash.slice(1);
  if (!token) return opened(await get<PatientPage>("links/session"));
  const page = opened(await post<PatientPage>("links/exchange", { token }));
  history.replaceState(null, "", location.pathname);
  return page;
}

/** One link, from the tap in a text to what it is for. */
export function App() {
  const [state, setState] = useState<State>({ kind: "opening" });
  const { suggest } = useLanguage();
  const latest = useRef(0);

  const show = useCallback(
    (page: PatientPage) => {
      suggest(page.language);
      warm(page.purpose);
      setState({ kind: "page", page: opened(page) });
    },
    [suggest],
  );
  // Whom to call stays on the page; whose it was does not.
  const fail = useCallback(
    (error: unknown) =>
      setState((before) => ({
        kind: "failed",
        type: problemType(error),
        page: before.kind === "page" ? { ...before.page, person: null } : null,
      })),
    [],
  );
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
    open();
    // A second link tapped while this tab is open changes only what stands behind the #.
    const changed = () => location.hash.length > 1 && open();
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, [open]);

  // As the page's HTML begins, so that nothing jumps.
  if (state.kind === "opening") {
    return (
      <div className="opening">
        <Waiting />
      </div>
    );
  }
  if (state.kind === "failed") {
    return (
      <Shell page={state.page}>
        <Failed type={state.type} onAgain={open} />
      </Shell>
    );
  }
  const { page } = state;
  if (!page.verified) {
    return (
      <Shell page={page}>
        <Check page={page} onRight={show} onFailed={fail} />
      </Shell>
    );
  }
  const Flow = flowOf(page.purpose);
  if (!Flow) {
    return (
      <Shell page={{ ...page, person: null }}>
        <Failed type="link-not-usable" />
      </Shell>
    );
  }
  return (
    <Shell page={page}>
      <Suspense fallback={<Waiting />}>
        <Flow page={page} onFailed={fail} />
      </Suspense>
    </Shell>
  );
}
