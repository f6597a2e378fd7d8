import type { KeyboardEvent } from "react";
import type { LeadCard } from "./queries";

interface Board {
  stages: string[];
  cardsIn: (stage: string) => LeadCard[];
  activeId: string | null;
  setActiveId: (id: string) => void;
  setMenuFor: (id: string | null) => void;
  moveTo: (card: LeadCard, stage: string, afterId: string | null) => void;
}

function focusCard(id: string, tries = 10): void {
  const element = document.querySelector<HTMLElement>(`[data-open="${id}"]`);
  if (element) element.focus();
  else if (tries > 0) requestAnimationFrame(() => focusCard(id, tries - 1));
}

/** Arrows walk the cards, M opens "Move to…", Alt with arrows moves the card; the board is one tab stop. */
export function useBoardKeys(board: Board) {
  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const id = target.dataset.open;
    if (!id) return;
    const stage = board.stages.find((found) => board.cardsIn(found).some((card) => card.id === id));
    if (!stage) return;
    const cards = board.cardsIn(stage);
    const index = cards.findIndex((card) => card.id === id);
    const card = cards[index];
    if (!card) return;
    const act = event.altKey ? moveBy : walkBy;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      act(board, card, stage, index, event.key);
    } else if (event.key.toLowerCase() === "m" && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      board.setMenuFor(id);
    }
  };
}

function beside(board: Board, stage: string, key: string): string | undefined {
  return board.stages[board.stages.indexOf(stage) + (key === "ArrowRight" ? 1 : -1)];
}

function walkBy(board: Board, _card: LeadCard, stage: string, index: number, key: string): void {
  const cards = board.cardsIn(stage);
  let next: LeadCard | undefined;
  if (key === "ArrowDown") next = cards[index + 1];
  if (key === "ArrowUp") next = cards[index - 1];
  if (key === "ArrowRight" || key === "ArrowLeft") {
    let other = beside(board, stage, key);
    while (other && board.cardsIn(other).length === 0) other = beside(board, other, key);
    const found = other ? board.cardsIn(other) : [];
    next = found[Math.min(index, found.length - 1)];
  }
  if (next) {
    board.setActiveId(next.id);
    focusCard(next.id);
  }
}

function moveBy(board: Board, card: LeadCard, stage: string, index: number, key: string): void {
  const cards = board.cardsIn(stage);
  if (key === "ArrowDown" && cards[index + 1]) board.moveTo(card, stage, cards[index + 1]?.id ?? null);
  else if (key === "ArrowUp" && index > 0) board.moveTo(card, stage, cards[index - 2]?.id ?? null);
  else if (key === "ArrowLeft" || key === "ArrowRight") {
    const other = beside(board, stage, key);
    if (!other) return;
    board.moveTo(card, other, null);
  } else return;
  focusCard(card.id, 30);
}
