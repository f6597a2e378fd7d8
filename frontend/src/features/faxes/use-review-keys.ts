import { useHotkeys } from "@mantine/hooks";
import { type View, zoomed } from "./viewer";

interface Keys {
  view: View;
  pages: number;
  onView: (change: Partial<View>) => void;
  onConfirm: () => void;
  onHelp: () => void;
}

function step(direction: 1 | -1): void {
  const fields = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const at = fields.findIndex((field) => field === document.activeElement || field.dataset.lit === "true");
  fields[Math.min(fields.length - 1, Math.max(0, at + direction))]?.focus();
}

/** The review by keyboard. */
export function useReviewKeys({ view, pages, onView, onConfirm, onHelp }: Keys): void {
  useHotkeys([
    ["j", () => step(1)],
    ["k", () => step(-1)],
    ["[", () => onView({ page: Math.max(1, view.page - 1) })],
    ["]", () => onView({ page: Math.min(pages, view.page + 1) })],
    ["+", () => onView({ zoom: zoomed(view.zoom, 1) })],
    ["=", () => onView({ zoom: zoomed(view.zoom, 1) })],
    ["-", () => onView({ zoom: zoomed(view.zoom, -1) })],
    ["r", () => onView({ turn: (view.turn + 90) % 360 })],
    ["shift+?", onHelp],
  ]);
  useHotkeys([["mod+Enter", onConfirm]], []);
}
