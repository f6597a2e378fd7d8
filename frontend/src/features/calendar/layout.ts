import { instant, wall } from "../../shared/lib/zones";

export const PX = 1.2; // of a minute
export const SNAP = 15;
const MINUTE = 60_000;
const DAY = 24 * 60;

export interface Timed {
  starts_at: string;
  ends_at: string;
}

/** The hours a page shows, in minutes of the clock; every day begins at the same one. */
export interface Frame {
  from: number;
  to: number;
}

/** From the first to the last hour in which anything is, at least the usual day. */
export function frameOf(zone: string, days: string[], items: Timed[], usual = { from: 8, to: 18 }): Frame {
  let from = usual.from * 60;
  let to = usual.to * 60;
  for (const item of items) {
    const start = wall(zone, Date.parse(item.starts_at));
    const end = wall(zone, Date.parse(item.ends_at));
    if (!days.includes(start.day)) continue;
    from = Math.min(from, start.minutes);
    to = Math.max(to, end.day > start.day ? DAY : end.minutes);
  }
  return { from: Math.floor(from / 60) * 60, to: Math.min(Math.ceil(to / 60) * 60, DAY) };
}

/** Where a day's column begins. What comes after is placed by time that passes, so a clock change moves nothing. */
export const beginOf = (zone: string, day: string, frame: Frame) => instant(zone, day, frame.from);

/** Top and height within a column in pixels; null where none of it can be seen. */
export function boxOf(begin: number, frame: Frame, item: Timed): { top: number; height: number } | null {
  const length = frame.to - frame.from;
  const top = Math.max((Date.parse(item.starts_at) - begin) / MINUTE, 0);
  const end = Math.min((Date.parse(item.ends_at) - begin) / MINUTE, length);
  return end <= top ? null : { top: top * PX, height: (end - top) * PX };
}

/** The moment under a point of a column. */
export function momentAt(begin: number, frame: Frame, y: number, snap = SNAP): number {
  const minutes = Math.round(y / PX / snap) * snap;
  return begin + Math.min(Math.max(minutes, 0), frame.to - frame.from - snap) * MINUTE;
}

/** Lanes side by side for what overlaps: which lane, of how many. */
export function lanesOf<T extends Timed>(items: T[]): { item: T; lane: number; lanes: number }[] {
  const placed: { item: T; lane: number; lanes: number }[] = [];
  let group: typeof placed = [];
  let ends: number[] = [];
  const close = () => {
    for (const one of group) one.lanes = ends.length;
    placed.push(...group);
    group = [];
    ends = [];
  };
  const ordered = [...items].sort(
    (one, other) => one.starts_at.localeCompare(other.starts_at) || other.ends_at.localeCompare(one.ends_at),
  );
  for (const item of ordered) {
    const start = Date.parse(item.starts_at);
    if (ends.length > 0 && ends.every((end) => end <= start)) close();
    const free = ends.findIndex((end) => end <= start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = Date.parse(item.ends_at);
    group.push({ item, lane, lanes: 1 });
  }
  close();
  return placed;
}

/** What is left of a span when others are taken out: the time nobody works. */
export function gaps(start: number, end: number, spans: Timed[]): Timed[] {
  const found: Timed[] = [];
  let at = start;
  const cut = (until: number) => {
    if (until > at)
      found.push({ starts_at: new Date(at).toISOString(), ends_at: new Date(until).toISOString() });
  };
  const ordered = spans
    .map((span) => [Date.parse(span.starts_at), Date.parse(span.ends_at)] as const)
    .sort((one, other) => one[0] - other[0]);
  for (const [from, to] of ordered) {
    cut(Math.min(from, end));
    at = Math.max(at, to);
  }
  cut(end);
  return found;
}
