import type { Definition, PatientFormOut } from "../../api/generated";

export type Form = Definition;
export type Section = NonNullable<Definition["sections"]>[number];
export type Question = NonNullable<Section["questions"]>[number];
export type Kind = Question["type"];
export type Of<K extends Kind> = Extract<Question, { type: K }>;
export type Condition = NonNullable<Section["show_if"]>;
export type Rule = NonNullable<Condition["rules"]>[number];
export type Area = PatientFormOut["body"][number];
export type Answers = Record<string, unknown>;

export interface Address {
  street: string;
  unit: string;
  city: string;
  state: string;
  zip: string;
}
export interface Medicine {
  name: string;
  dose: string;
  often: string;
}
export interface Medications {
  none: boolean;
  items: Medicine[];
}
export interface Activity {
  activity: string;
  score: number | null;
}
export type Stroke = [number, number][];
export interface SignatureAnswer {
  kind: "drawn" | "typed";
  name: string;
  strokes: Stroke[];
}
export interface AgreementAnswer {
  agreed: boolean;
  version: number;
  language: "en" | "es";
  name: string;
}
export interface CardAnswer {
  front: string;
  back: string;
}

/** Every question of the form, in order. */
export function questionsOf(form: Form): Question[] {
  const found: Question[] = [];
  for (const section of form.sections ?? []) found.push(...(section.questions ?? []));
  return found;
}

/** A text in the language of the page; English where there is no other. */
export function say(words: { en?: string; es?: string } | null | undefined, language: string): string {
  return (language === "es" && words?.es) || words?.en || "";
}
