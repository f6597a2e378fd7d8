import type { PatientMeasureOut } from "../../api/generated";
import type { Language } from "../words/language";

export type Measure = PatientMeasureOut;
type Words = Measure["words"][string];

/** What is answered of one measure: in its order, null where nothing is. */
export interface Given {
  items: (number | null)[];
  activities: string[] | null;
}

export type GivenAll = Record<string, Given>;

/** One screen: pain, own activities, or one question of a licensed measure. */
export interface Screen {
  kind: "pain" | "hard" | "item";
  measure: Measure;
  /** Which of the measure's items; only of `item`. */
  index: number;
}

const FEWEST_ACTIVITIES = 3;

/** Everything that is asked, screen by screen. */
export function screensOf(measures: Measure[]): Screen[] {
  const found: Screen[] = [];
  for (const measure of measures) {
    if (measure.key === "nprs") found.push({ kind: "pain", measure, index: 0 });
    else if (measure.key === "psfs") found.push({ kind: "hard", measure, index: 0 });
    else {
      for (let index = 0; index < measure.items; index += 1) found.push({ kind: "item", measure, index });
    }
  }
  return found;
}

/** What is given of a measure, with a place for every item. */
export function givenOf(measure: Measure, all: GivenAll): Given {
  const known = all[measure.key];
  const own = measure.key === "psfs" && !measure.activities;
  const length = own ? Math.max(FEWEST_ACTIVITIES, known?.items.length ?? 0) : measure.items;
  const items: (number | null)[] = [];
  const names: string[] = [];
  for (let index = 0; index < length; index += 1) {
    items.push(known?.items[index] ?? null);
    names.push(measure.activities?.[index] ?? known?.activities?.[index] ?? "");
  }
  return { items, activities: measure.key === "psfs" ? names : null };
}

/** How many answers a screen still lacks. */
export function lacking(screen: Screen, all: GivenAll): number {
  const { items, activities } = givenOf(screen.measure, all);
  if (screen.kind === "item") return items[screen.index] === null ? 1 : 0;
  const wanted = screen.kind === "hard" && !screen.measure.activities ? FEWEST_ACTIVITIES : items.length;
  const answered = items.filter(
    (item, index) => item !== null && (activities === null || activities[index]?.trim()),
  );
  return Math.max(0, wanted - answered.length);
}

/** The licensed words in the language of the page, else in the one there is. */
export function wordsOf(measure: Measure, language: Language): Words | undefined {
  return measure.words[language] ?? Object.values(measure.words)[0];
}

/** Labels of one question's answers, each of them or both ends, lowest first. */
export function labelsOf(words: Words | undefined, index: number): string[] {
  return words?.items[index]?.options ?? words?.options ?? [];
}
