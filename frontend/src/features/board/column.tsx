import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { Badge, Skeleton, Tooltip, UnstyledButton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { AlarmClock, ChevronsLeftRight, ChevronsRightLeft } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Failed } from "../../shared/ui/states";
import classes from "./board.module.css";
import { cardsOf } from "./cache";
import { BoardCard } from "./card";
import { MoveMenu } from "./move-menu";
import { type Column, type LeadCard, useColumn } from "./queries";
import type { BoardSearch } from "./search";

interface Props {
  column: Column;
  columns: Column[];
  search: BoardSearch;
  collapsed: boolean;
  activeId: string | null;
  /** A card somebody went to or moved: it is scrolled to, once. */
  reachId: string | null;
  menuFor: string | null;
  onCollapse: (stage: string) => void;
  onOpen: (id: string) => void;
  onFocus: (id: string) => void;
  onMenu: (id: string | null) => void;
  onMove: (card: LeadCard, stage: string) => void;
}

const DOTS = { open: "#2563eb", in_progress: "#d97706", won: "#0f766e", lost: "#6b7280" };

export function BoardColumn(props: Props) {
  const { column, search, collapsed } = props;
  if (collapsed) {
    return (
      <section className={classes.collapsed} aria-label={`${column.name}, ${column.count} leads, collapsed`}>
        <UnstyledButton className={classes.expand} onClick={() => props.onCollapse(column.stage)}>
          <ChevronsLeftRight size={15} aria-hidden />
          <span className={classes.sideways}>
            {column.name} <b>{column.count}</b>
          </span>
        </UnstyledButton>
      </section>
    );
  }
  return (
    <section className={classes.column} aria-label={`${column.name}, ${column.count} leads`}>
      <header className={classes.columnHead}>
        <span className={classes.dot} style={{ background: DOTS[column.group] }} />
        <h2 className={classes.columnName}>{column.name}</h2>
        <span className={classes.count}>{column.count.toLocaleString("en-US")}</span>
        {column.overdue_count > 0 && (
          <Tooltip label={`${column.overdue_count} overdue`}>
            <Badge
              size="sm"
              color="red"
              variant="light"
              leftSection={<AlarmClock size={11} aria-hidden style={{ display: "block" }} />}
            >
              {column.overdue_count.toLocaleString("en-US")}
            </Badge>
          </Tooltip>
        )}
        <Tooltip label="Collapse">
          <UnstyledButton
            className={classes.collapse}
            aria-label={`Collapse ${column.name}`}
            onClick={() => props.onCollapse(column.stage)}
          >
            <ChevronsRightLeft size={14} />
          </UnstyledButton>
        </Tooltip>
      </header>
      <CardList key={JSON.stringify({ ...search, lead: undefined })} {...props} />
    </section>
  );
}

function CardList({
  column,
  columns,
  search,
  activeId,
  reachId,
  menuFor,
  onOpen,
  onFocus,
  onMenu,
  onMove,
}: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const query = useColumn(column.stage, search, true);
  const cards = cardsOf(query.data);
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 164,
    overscan: 6,
    getItemKey: (index) => cards[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  useEffect(() => {
    if (last >= cards.length - 10 && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, cards.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const reached = useRef<string | null>(null);
  useEffect(() => {
    const index = cards.findIndex((card) => card.id === reachId);
    // A card in focus is in view; to move it under the pointer would lose the click.
    const there = document.activeElement?.getAttribute("data-open") === reachId;
    if (index >= 0 && reached.current !== reachId && !there) rows.scrollToIndex(index, { align: "auto" });
    reached.current = index >= 0 ? reachId : null;
  }, [reachId, cards, rows]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    return combine(
      autoScrollForElements({ element }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.type === "card",
        getData: () => ({ type: "column", stage: column.stage }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
    );
  }, [column.stage]);

  return (
    <div ref={scroller} className={classes.cards} data-over={over || undefined} data-column={column.stage}>
      {query.isPending && [0, 1, 2].map((key) => <Skeleton key={key} height={108} mb={8} radius="md" />)}
      {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
      {query.isSuccess && cards.length === 0 && <p className={classes.none}>No leads here</p>}
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const card = cards[item.index];
          if (!card) return null;
          return (
            <div
              key={card.id}
              ref={rows.measureElement}
              data-index={item.index}
              className={classes.row}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <BoardCard
                card={card}
                active={card.id === activeId}
                position={item.index + 1}
                total={column.count}
                onOpen={onOpen}
                onFocus={onFocus}
                menu={
                  <MoveMenu
                    card={card}
                    columns={columns}
                    opened={menuFor === card.id}
                    onChange={(opened) => onMenu(opened ? card.id : null)}
                    onMove={onMove}
                  />
                }
              />
            </div>
          );
        })}
      </div>
      {isFetchingNextPage && <Skeleton height={108} radius="md" />}
    </div>
  );
}
