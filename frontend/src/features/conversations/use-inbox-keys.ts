import { type RefObject, useEffect, useRef } from "react";
import type { ConversationOut } from "./queries";

interface Keys {
  /** The list as it stands. */
  rows: RefObject<ConversationOut[]>;
  activeId: string | null;
  openId: string | null;
  onActive: (id: string) => void;
  onClose: () => void;
  onSettle: (id: string) => void;
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true]") !== null;

/** Focus a row once it is drawn. */
export function focusRow(id: string): void {
  window.setTimeout(() => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus(), 30);
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);

const PATIENCE = 3_000;
// While the composer is still to come, what is typed is meant for it: no letter may tick something off.
let coming = 0;

/** To the composer, which turns to texts or notes first; it may still be loading. */
function write(mode: "text" | "note", until = Date.now() + PATIENCE): void {
  find(`[data-composer] [data-mode=${mode}]`)?.click();
  const place = find(`[data-composer] [data-write=${mode}]`);
  place?.focus();
  coming = place || Date.now() > until ? 0 : until;
  // A locked composer has no place to write: nothing to wait for.
  if (coming && find("[data-composer]") && mode === "text" && find("[data-tone=stop]")) coming = 0;
  if (coming) window.setTimeout(() => write(mode, until), 40);
}

/** j/k or arrows walk, Enter opens, r answers, n notes, e ticks off, / searches, Escape goes back to the list. */
export function useInboxKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Where the list was left: the row may be gone from it by the time the next key comes.
  const place = useRef(0);
  useEffect(() => {
    const walk = (step: number) => {
      const { rows, activeId, onActive } = latest.current;
      const ids = rows.current.map((row) => row.id);
      const found = ids.indexOf(activeId ?? "");
      const start = found >= 0 ? found : step < 0 ? place.current : place.current - 1;
      const wanted = activeId === null ? 0 : start + step;
      const next = ids[Math.max(0, Math.min(ids.length - 1, wanted))];
      if (!next) return;
      place.current = ids.indexOf(next);
      onActive(next);
      focusRow(next);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("[role=dialog], [role=menu], [data-naming]")) return;
      const { openId, activeId, onClose, onSettle } = latest.current;
      if (event.key === "Escape" && typing(event.target)) {
        if (activeId) focusRow(activeId);
        return;
      }
      if (typing(event.target)) return;
      if (coming) return;
      const inThread = event.target instanceof HTMLElement && event.target.closest("[data-thread]") !== null;
      switch (event.key) {
        case "j":
          walk(1);
          break;
        case "k":
          walk(-1);
          break;
        case "ArrowDown":
        case "ArrowUp":
          // Inside the thread, arrows scroll it.
          if (inThread) return;
          walk(event.key === "ArrowDown" ? 1 : -1);
          break;
        case "r":
          write("text");
          break;
        case "n":
          write("note");
          break;
        case "e": {
          const row = document.activeElement?.getAttribute("data-row") ?? openId ?? activeId;
          if (!row) return;
          place.current = Math.max(
            0,
            latest.current.rows.current.findIndex(({ id }) => id === row),
          );
          onSettle(row);
          break;
        }
        case "/":
          find("[data-inbox-search]")?.focus();
          break;
        case "Escape":
          if (openId) onClose();
          break;
        default:
          return;
      }
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the app's own keys: here `/` searches conversations.
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
}
