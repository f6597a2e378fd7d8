import { useEffect, useRef } from "react";
import { isMine } from "../../api/client";

/** What the server tells about a change: ids and versions only. */
export interface LiveEvent {
  type: string;
  id: string;
  version: number;
  mutation_id: string | null;
}

type Listener = (event: LiveEvent) => void;
const listeners = new Set<Listener>();
let source: EventSource | null = null;

function open(): void {
  source = new EventSource("/api/v1/events");
  source.onmessage = (message) => {
    const event = JSON.parse(message.data) as LiveEvent;
    if (isMine(event.mutation_id)) return;
    for (const listener of listeners) listener(event);
  };
}

/** Hear live events while mounted. `resync` means: load again what you show. */
export function useLive(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const hear: Listener = (event) => latest.current(event);
    listeners.add(hear);
    if (source === null) open();
    return () => {
      listeners.delete(hear);
      if (listeners.size === 0) {
        source?.close();
        source = null;
      }
    };
  }, []);
}
