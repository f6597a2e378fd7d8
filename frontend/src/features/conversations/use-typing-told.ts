import { useEffect, useRef } from "react";
import { tellTyping } from "./mutations";

const EVERY = 3_000;

/** Tell colleagues while we type, at most every three seconds, and once when we stop. */
export function useTypingTold(conversationId: string | null): (active: boolean) => void {
  const told = useRef(0);
  useEffect(
    () => () => {
      if (conversationId && told.current) tellTyping(conversationId, false);
      told.current = 0;
    },
    [conversationId],
  );
  return (active) => {
    if (!conversationId) return;
    const now = Date.now();
    if (active && now - told.current >= EVERY) {
      told.current = now;
      tellTyping(conversationId, true);
    } else if (!active && told.current) {
      told.current = 0;
      tellTyping(conversationId, false);
    }
  };
}
