import { Badge, Skeleton, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Inbox, Search } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Empty, Failed } from "../../shared/ui/states";
import { rowsOf } from "./cache";
import { ConversationRow } from "./conversation-row";
import classes from "./inbox.module.css";
import { type ConversationOut, type ListFilter, useConversations, useCounts } from "./queries";
import { focusRow } from "./use-inbox-keys";
import { FILTERS } from "./wording";

interface Props {
  filter: ListFilter;
  openId: string | null;
  activeId: string | null;
  /** Told what the list holds, for the keys. */
  rows: RefObject<ConversationOut[]>;
  onFilter: (filter: ListFilter) => void;
  onOpen: (id: string) => void;
  onActive: (id: string) => void;
}

const FEWEST = 2;

/** Conversations, the latest first; only what is on the screen is drawn, however many there are. */
export function ConversationList(props: Props) {
  const { filter, onFilter, rows } = props;
  const [text, setText] = useState("");
  const [debounced] = useDebouncedValue(text.trim(), 200);
  const q = debounced.length >= FEWEST ? debounced : "";
  const counts = useCounts().data;
  const numbers: Partial<Record<ListFilter, number>> = {
    waiting: counts?.waiting,
    undeliverable: counts?.undeliverable,
    mentioned: counts?.mentions_unseen,
  };
  return (
    <section className={classes.list} aria-label="Conversations">
      <div className={classes.listHead}>
        <TextInput
          size="sm"
          data-inbox-search
          aria-label="Find a conversation"
          placeholder="Name or number  /"
          leftSection={<Search size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = rows.current[0]?.id;
            if (event.key !== "Enter" || !first) return;
            event.preventDefault();
            props.onActive(first);
            focusRow(first);
          }}
        />
        <nav className={classes.filters} aria-label="Show">
          {FILTERS.map(([value, label]) => (
            <UnstyledButton
              key={value}
              className={classes.filter}
              aria-pressed={value === filter}
              onClick={() => onFilter(value)}
            >
              {label}
              {Boolean(numbers[value]) && (
                <Badge size="xs" color={value === "undeliverable" ? "red" : "orange"} variant="light" ml={5}>
                  {numbers[value]?.toLocaleString("en-US")}
                </Badge>
              )}
            </UnstyledButton>
          ))}
        </nav>
      </div>
      <Rows key={`${filter} ${q}`} q={q} {...props} />
    </section>
  );
}

function Rows({ filter, q, openId, activeId, rows, onOpen, onActive }: Props & { q: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const query = useConversations(filter, q);
  const items = rowsOf(query.data);
  rows.current = items;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 78,
    overscan: 8,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  useEffect(() => {
    if (last >= items.length - 15 && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  // Only when the choice moves: a text that comes in elsewhere must not scroll the list.
  const latest = useRef(items);
  latest.current = items;
  useEffect(() => {
    const index = latest.current.findIndex((row) => row.id === activeId);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  }, [activeId, virtual]);

  const tabStop = items.some((row) => row.id === activeId) ? activeId : items[0]?.id;
  const empty = FILTERS.find(([value]) => value === filter)?.[2];
  return (
    <div ref={scroller} className={classes.rows}>
      {query.isPending && [0, 1, 2, 3].map((key) => <Skeleton key={key} height={66} mb={8} radius="md" />)}
      {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
      {query.isSuccess && items.length === 0 && (
        <Empty icon={<Inbox size={30} color="#0f766e" />} title={q ? "Nobody found" : "Nothing here"}>
          {q ? "Try a last name, or a number from its beginning." : empty}
        </Empty>
      )}
      <ul className={classes.rowsInner} style={{ height: virtual.getTotalSize() }} aria-label="Conversations">
        {drawn.map((item) => {
          const row = items[item.index];
          if (!row) return null;
          return (
            <li
              key={row.id}
              ref={virtual.measureElement}
              data-index={item.index}
              className={classes.slot}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={hasNextPage ? -1 : items.length}
              aria-posinset={item.index + 1}
            >
              <ConversationRow
                row={row}
                opened={row.id === openId}
                tabStop={row.id === tabStop}
                onOpen={onOpen}
                onActive={onActive}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
