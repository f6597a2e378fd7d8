import { useCallback, useEffect, useRef, useState } from "react";
import type { TimeOut, VisitPageOut } from "../../api/generated";
import { get, newKey, PatientProblem, post, problemType } from "../api";
import type { FlowProps } from "../flow";
import { isFinal } from "../ui/failed";
import { Waiting } from "../ui/waiting";
import { useWords } from "../words/language";
import { Booked, NoVisit } from "./booked";
import { CancelVisit } from "./cancel-visit";
import { Choose } from "./choose";
import type { Notes } from "./notes";
import { type VisitKey, words } from "./visit.words";

type View = "visit" | "choose" | "cancel";

const NOTICES: Record<string, VisitKey> = {
  "slot-taken": "taken.notice",
  "slot-unavailable": "gone.notice",
  "stale-version": "stale.notice",
  "evaluation-booked": "already.notice",
  "no-visit": "stale.notice",
  unreachable: "unreachable.notice",
};
const LOOK_AGAIN = ["stale-version", "evaluation-booked", "no-visit", "not-bookable"];

/** Choose a time, see where to go, confirm, move or cancel: one visit. */
export default function VisitFlow({ page, onFailed }: FlowProps) {
  const t = useWords(words);
  const [shown, setShown] = useState<VisitPageOut | null>(null);
  const [view, setView] = useState<View>("visit");
  const [note, setNote] = useState<Notes>(null);
  const [round, setRound] = useState(0);
  const key = useRef({ of: "", value: "" });

  const load = useCallback(() => get<VisitPageOut>("visit").then(setShown, onFailed), [onFailed]);
  useEffect(() => {
    load();
  }, [load]);

  /** Another try of the same thing carries the same key, so it is done once. */
  function keyOf(what: unknown): string {
    const of = JSON.stringify(what);
    if (key.current.of !== of) key.current = { of, value: newKey() };
    return key.current.value;
  }

  async function change(path: string, body: unknown, done: VisitKey, next: View = "visit") {
    setNote(null);
    try {
      setShown(await post<VisitPageOut>(`visit/${path}`, body, keyOf([path, body])));
      setNote({ tone: "good", text: done });
      setView(next);
    } catch (error) {
      await refused(error);
    }
  }

  async function refused(error: unknown) {
    const type = problemType(error);
    if (isFinal(type)) return onFailed(error);
    key.current = type === "unreachable" ? key.current : { of: "", value: "" };
    setNote({ tone: "bad", text: NOTICES[type] ?? "problem.notice" });
    if (LOOK_AGAIN.indexOf(type) >= 0) {
      setView("visit");
      await load();
    } else if (error instanceof PatientProblem && error.status === 409) setRound(round + 1);
  }

  if (!shown) return <Waiting text={t("load.visit")} />;
  const { visit } = shown;
  if (!visit && !shown.can_choose) return <NoVisit />;
  if (view === "cancel" && visit) {
    return (
      <CancelVisit
        note={note}
        onKeep={() => setView("visit")}
        onCancel={(reason) => change("cancel", { version: visit.version, reason }, "canceled.title")}
      />
    );
  }
  if (!visit || view === "choose") {
    return (
      <Choose
        key={round}
        moving={visit !== null}
        note={note}
        onFailed={onFailed}
        onKeep={() => setView("visit")}
        onChosen={(time) =>
          visit
            ? change("move", { ...wanted(time), version: visit.version }, "booked.moved")
            : change("book", wanted(time), "booked.new")
        }
      />
    );
  }
  return (
    <Booked
      visit={visit}
      bring={page.purpose !== "reschedule"}
      note={note}
      onConfirm={() => change("confirm", { version: visit.version }, "booked.confirmedNow")}
      onMove={() => {
        setNote(null);
        setView("choose");
      }}
      onCancel={() => {
        setNote(null);
        setView("cancel");
      }}
    />
  );
}

function wanted(time: TimeOut) {
  return { clinician_id: time.clinician_id, location_id: time.location_id, starts_at: time.starts_at };
}
