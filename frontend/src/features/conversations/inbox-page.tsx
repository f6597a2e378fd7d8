import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { Empty } from "../../shared/ui/states";
import { useMay } from "../session";
import { Conversation } from "./conversation";
import { ConversationList } from "./conversation-list";
import classes from "./inbox.module.css";
import { useMarkRead } from "./mutations";
import type { ConversationOut, ListFilter } from "./queries";
import { useInboxKeys } from "./use-inbox-keys";
import { useLiveConversations } from "./use-live-conversations";

/** The page the front desk lives in for texts: who wrote, the thread, who it is. */
export function InboxPage() {
  const { filter = "waiting" } = useSearch({ from: "/desk/inbox" });
  const openId = useParams({ strict: false, select: (params) => params.conversationId ?? null });
  const navigate = useNavigate();
  const [activeId, setActiveId] = useState<string | null>(openId);
  const rows = useRef<ConversationOut[]>([]);
  const mark = useMarkRead();
  const may = useMay("messages:write");
  useLiveConversations(openId);

  const open = useCallback(
    (id: string) => {
      setActiveId(id);
      navigate({
        to: "/inbox/$conversationId",
        params: { conversationId: id },
        search: (before) => ({ filter: before.filter }),
      });
    },
    [navigate],
  );
  const close = useCallback(
    () => navigate({ to: "/inbox", search: (before) => ({ filter: before.filter }) }),
    [navigate],
  );
  const settle = useCallback(
    (id: string) => {
      // A key pressed twice, or on a row that waits for nothing, does nothing.
      const row = rows.current.find((found) => found.id === id);
      if (may && (!row || row.waiting || row.undeliverable)) mark.mutate({ id, settled: true, may });
    },
    [mark.mutate, may],
  );
  useInboxKeys({
    rows,
    activeId: activeId ?? openId,
    openId,
    onActive: setActiveId,
    onClose: close,
    onSettle: settle,
  });

  return (
    <div className={classes.page} data-open={openId ? true : undefined}>
      <h1 className={classes.srOnly}>Inbox</h1>
      <ConversationList
        filter={filter}
        openId={openId}
        activeId={activeId ?? openId}
        rows={rows}
        onFilter={(wanted: ListFilter) => navigate({ to: ".", search: { filter: wanted } })}
        onOpen={open}
        onActive={setActiveId}
      />
      {openId ? (
        <Conversation key={openId} id={openId} onBack={close} onSettle={settle} />
      ) : (
        <div className={classes.nothing}>
          <Empty icon={<MessagesSquare size={34} color="#0f766e" />} title="Pick a conversation">
            <kbd>j</kbd> <kbd>k</kbd> walk the list, <kbd>Enter</kbd> opens, <kbd>r</kbd> answers,{" "}
            <kbd>e</kbd> ticks off, <kbd>/</kbd> searches.
          </Empty>
        </div>
      )}
    </div>
  );
}
