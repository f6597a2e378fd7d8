import type { Answers, Area, Question } from "./types";

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
  answers: Answers;
  /** Keeps a whole answer beside the one being given: what was read from a card. */
  suggest: (answers: Answers) => void;
  preview: boolean;
}
