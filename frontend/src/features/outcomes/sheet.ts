import type { EpisodeOutcomesOut, InstrumentOut, ScoreOut } from "./queries";
import type { Typed } from "./typing";

/** What is being entered. `fixed`: the activities stand, since they were `known` before. */
export interface Sheet {
  typed: Typed;
  activities: string[];
  fixed: boolean;
  known: boolean;
  occasion: ScoreOut["occasion"] | undefined;
  day: string;
  reason: string;
}

const MOST_ACTIVITIES = 5;

/** An empty sheet, or that of the score to be corrected. */
export function sheetFor(instrument: InstrumentOut, found: EpisodeOutcomesOut, old?: ScoreOut): Sheet {
  const named = old?.activities ?? (old ? null : activitiesOf(instrument, found));
  const length =
    old?.items?.length ??
    named?.length ??
    (instrument.key === "psfs" ? MOST_ACTIVITIES : itemCount(instrument));
  const items: (number | null)[] = [];
  const activities: string[] = [];
  for (let index = 0; index < length; index += 1) {
    items.push(old?.items?.[index] ?? null);
    activities.push(named?.[index] ?? "");
  }
  const known = instrument.key === "psfs" && named !== null && !old;
  return {
    typed: { items, at: 0, open: false },
    activities,
    fixed: known,
    known,
    occasion: old?.occasion,
    day: old ? old.taken_at.slice(0, 10) : today(),
    reason: "",
  };
}

function itemCount(instrument: InstrumentOut): number {
  if (instrument.key === "nprs") return instrument.version === "current" ? 1 : 3;
  return Math.max(...instrument.items);
}

/** The activities rated last in this episode. */
function activitiesOf(instrument: InstrumentOut, found: EpisodeOutcomesOut): string[] | null {
  if (instrument.key !== "psfs") return null;
  const measure = found.measures.find((one) => one.instrument.key === "psfs");
  const named = (measure?.scores ?? []).filter((score) => score.score !== null && score.activities);
  return named.at(-1)?.activities ?? null;
}

/** What is sent: of own activities only those that have words. */
export function itemsOf(
  instrument: InstrumentOut,
  sheet: Sheet,
): { items: (number | null)[]; activities: string[] | undefined } {
  if (instrument.key !== "psfs") return { items: sheet.typed.items, activities: undefined };
  const kept = sheet.activities
    .map((words, index) => ({ words: words.trim(), item: sheet.typed.items[index] ?? null }))
    .filter((one) => one.words);
  return { items: kept.map((one) => one.item), activities: kept.map((one) => one.words) };
}

/** Whether nothing is answered yet. */
export function blank(sheet: Sheet): boolean {
  return sheet.typed.items.every((item) => item === null);
}

/** The day it is here, as a date field has it. */
export function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** When it was answered, if that is another day than the one it began with: then or now. */
export function takenAt(sheet: Sheet, begun: string): string | undefined {
  if (!sheet.day || sheet.day === begun) return undefined;
  return sheet.day === today() ? new Date().toISOString() : new Date(`${sheet.day}T12:00:00`).toISOString();
}
