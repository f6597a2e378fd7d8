import type { KeyboardEvent } from "react";
import type { AppointmentOut } from "../scheduling";
import type { Column } from "./columns";

interface Keys {
  columns: Column[];
  reach: (column: number) => void;
  onFocus: (id: string) => void;
  onMove: (visit: AppointmentOut) => void;
}

const byTime = (visits: AppointmentOut[]) =>
  [...visits].sort(
    (one, other) => one.starts_at.localeCompare(other.starts_at) || one.id.localeCompare(other.id),
  );

/** The first visit of the page: where the one tab stop is when nothing was in focus yet. */
export function firstVisit(columns: Column[]): string | null {
  for (const column of columns) {
    const [first] = byTime(column.visits);
    if (first) return first.id;
  }
  return null;
}

function focusVisit(id: string, tries = 12): void {
  const element = document.querySelector<HTMLElement>(`[data-visit="${id}"]`);
  if (element) element.focus();
  else if (tries > 0) requestAnimationFrame(() => focusVisit(id, tries - 1));
}

const DAY = 24 * 3_600_000;

/** The visit nearest in time of day in the next column that has one. */
function beside(columns: Column[], from: number, step: 1 | -1, at: string): [AppointmentOut, number] | null {
  for (let index = from + step; columns[index]; index += step) {
    const visits = byTime(columns[index]?.visits ?? []);
    const distance = (visit: AppointmentOut) => {
      const apart = Math.abs(Date.parse(visit.starts_at) - Date.parse(at)) % DAY;
      return Math.min(apart, DAY - apart);
    };
    const [nearest] = [...visits].sort((one, other) => distance(one) - distance(other));
    if (nearest) return [nearest, index];
  }
  return null;
}

/** Arrows walk the visits, M asks where to move one; the calendar is one tab stop. */
export function useCalendarKeys({ columns, reach, onFocus, onMove }: Keys) {
  return (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).dataset.visit;
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = columns.findIndex((column) => column.visits.some((visit) => visit.id === id));
    const visits = byTime(columns[at]?.visits ?? []);
    const index = visits.findIndex((visit) => visit.id === id);
    const visit = visits[index];
    if (!visit) return;
    if (event.key.toLowerCase() === "m") {
      event.preventDefault();
      onMove(visit);
      return;
    }
    let next: [AppointmentOut | undefined, number] | null = null;
    if (event.key === "ArrowDown") next = [visits[index + 1], at];
    if (event.key === "ArrowUp") next = [visits[index - 1], at];
    if (event.key === "ArrowRight") next = beside(columns, at, 1, visit.starts_at);
    if (event.key === "ArrowLeft") next = beside(columns, at, -1, visit.starts_at);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const [found, column] = next ?? [];
    if (!found || column === undefined) return;
    onFocus(found.id);
    reach(column);
    focusVisit(found.id);
  };
}
