import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Failed, Loading } from "../../shared/ui/states";
import { LeadDrawer } from "../leads";
import classes from "./board.module.css";
import { cardsOf } from "./cache";
import { BoardColumn } from "./column";
import { useEndings } from "./endings";
import { BoardFilters } from "./filters";
import { useMoveCard } from "./mutations";
import { type ColumnData, columnKey, type LeadCard, useBoard } from "./queries";
import type { BoardSearch } from "./search";
import { useBoardKeys } from "./use-board-keys";
import { useLiveBoard } from "./use-live-board";

const FOLDED = new Set(["in_care", "discharged", "lost"]);

export function BoardPage() {
  const search = useSearch({ from: "/desk/board" });
  const navigate = useNavigate({ from: "/board" });
  const board = useBoard(search);
  const queries = useQueryClient();
  const move = useMoveCard(search);
  const [folded, setFolded] = useState<Set<string>>(FOLDED);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [menuFor, setMenuFor] = useState<string | null>(null);
  useLiveBoard(search);

  const columns = useMemo(() => board.data?.columns ?? [], [board.data]);
  const change = useCallback(
    (part: Partial<BoardSearch>) => navigate({ search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  );
  const open = useCallback((lead: string) => change({ lead }), [change]);
  const cardsIn = useCallback(
    (stage: string) => cardsOf(queries.getQueryData<ColumnData>(columnKey(stage, search))),
    [queries, search],
  );
  const put = useCallback(
    (card: LeadCard, stage: string, afterId: string | null, lostReason?: string) => {
      const stageName = columns.find((found) => found.stage === stage)?.name ?? stage;
      move.mutate({ card, stage, stageName, afterId, lostReason });
      setActiveId(card.id);
    },
    [columns, move.mutate],
  );
  const endings = useEndings(columns, put);
  const moveTo = useCallback(
    (card: LeadCard, stage: string, afterId: string | null) => {
      setMenuFor(null);
      endings.moveTo(card, stage, afterId);
    },
    [endings.moveTo],
  );
  const onMove = useCallback((card: LeadCard, stage: string) => moveTo(card, stage, null), [moveTo]);
  const shown = columns.filter((column) => !folded.has(column.stage)).map((column) => column.stage);
  const onKeyDown = useBoardKeys({ stages: shown, cardsIn, activeId, setActiveId, setMenuFor, moveTo });
  useDrops(cardsIn, moveTo);

  const fold = useCallback((stage: string) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(stage)) after.add(stage);
      return after;
    });
  }, []);
  const firstId = shown.map((stage) => cardsIn(stage)[0]?.id).find(Boolean) ?? null;

  return (
    <div className={classes.page}>
      <PageHead title="Board">
        <BoardFilters search={search} onChange={change} />
      </PageHead>
      {board.isPending && <Loading label="Loading the board" />}
      {board.isError && <Failed error={board.error} retry={() => board.refetch()} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the cards, which are buttons */}
      <div className={classes.board} onKeyDown={onKeyDown} role="presentation">
        {columns.map((column) => (
          <BoardColumn
            key={column.stage}
            column={column}
            columns={columns}
            search={search}
            collapsed={folded.has(column.stage)}
            activeId={activeId ?? firstId}
            reachId={activeId}
            menuFor={menuFor}
            onCollapse={fold}
            onOpen={open}
            onFocus={setActiveId}
            onMenu={setMenuFor}
            onMove={onMove}
          />
        ))}
      </div>
      <LeadDrawer leadId={search.lead ?? null} onClose={() => change({ lead: undefined })} />
      {endings.dialog}
    </div>
  );
}

/** One listener for all drops: where the card landed says below which other card it goes. */
function useDrops(
  cardsIn: (stage: string) => LeadCard[],
  moveTo: (card: LeadCard, stage: string, afterId: string | null) => void,
): void {
  const latest = useRef({ cardsIn, moveTo });
  latest.current = { cardsIn, moveTo };
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.type === "card",
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0];
          if (!target) return;
          const card = source.data.card as LeadCard;
          const stage = target.data.stage as string;
          const cards = latest.current.cardsIn(stage).filter((other) => other.id !== card.id);
          let afterId = cards.at(-1)?.id ?? null;
          if (target.data.type === "card") {
            const place = cards.findIndex((other) => other.id === target.data.id);
            const above = extractClosestEdge(target.data) === "top" ? place - 1 : place;
            afterId = cards[above]?.id ?? null;
          }
          latest.current.moveTo(card, stage, afterId);
        },
      }),
    [],
  );
}
