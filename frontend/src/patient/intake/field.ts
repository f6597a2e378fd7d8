import type { Facts } from "./card-photos";
import type { Area, Question } from "./types";

/** What every kind of field gets. `describedBy`: ids of its help and of what is wrong with it. */
export interface FieldProps<Q = Question, V = unknown> {
  question: Q;
  id: string;
  value: V | undefined;
  onChange: (value: V | null) => void;
  wrong: boolean;
  describedBy: string | undefined;
}

/** What some fields need to know of the whole form. */
export interface Surroundings {
  areas: Area[];
  /** What was read on the insurance card, for the questions about it that the patient has not answered. */
  suggest: (facts: Facts) => void;
  preview: boolean;
}
