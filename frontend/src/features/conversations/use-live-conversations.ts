import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";
import { refreshConversation, refreshThread } from "./mutations";
import { typingKey } from "./queries";

const GATHER = 120;
/** More changes at once than this, and loading the lists again is cheaper. */
const MANY = 12;

function reload(queries: QueryClient, ...names: string[]): void {
  queries.invalidateQueries({
    predicate: ({ queryKey }) => names.includes((queryKey[0] as { _id?: string })?._id ?? ""),
  });
}

/** Keep lists and the open thread as others change them: what changed is fetched and put in its place. */
export function useLiveConversations(openId: string | null): void {
  const queries = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<number | null>(null);

  const flush = async () => {
    timer.current = null;
    const ids = [...waiting.current];
    waiting.current.clear();
    if (ids.length > MANY) {
      reload(queries, "listConversations", "countConversations");
      if (openId && ids.includes(openId)) await refreshConversation(queries, openId);
      return;
    }
    await Promise.all(ids.map((id) => refreshConversation(queries, id)));
  };
  useLive((event) => {
    if (event.type === "resync")
      reload(queries, "listConversations", "getConversation", "countConversations");
    else if (event.type === "conversation.changed") {
      waiting.current.add(event.id);
      timer.current ??= window.setTimeout(flush, GATHER);
    }
  });
}

/** Keep one shown thread fresh, and know who types in it. */
export function useLiveThread(id: string): void {
  const queries = useQueryClient();
  useLive((event) => {
    const here = event.id === id;
    if ((here && event.type === "conversation.changed") || event.type === "resync") {
      refreshThread(queries, id).catch(() => undefined);
    }
    if (here && event.type.startsWith("conversation.")) {
      queries.invalidateQueries({ queryKey: typingKey(id) });
    }
  });
}
