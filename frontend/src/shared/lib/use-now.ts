import { useSyncExternalStore } from "react";

const EVERY = 20_000;
const listeners = new Set<() => void>();
let current = Date.now();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    current = Date.now();
    timer = window.setInterval(() => {
      current = Date.now();
      for (const told of listeners) told();
    }, EVERY);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, renewed every twenty seconds by one timer for everything on the page that ages. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}
