import type { VisitKey } from "./visit.words";

/** What just happened, in one sentence. */
export type Notes = { tone: "good" | "bad"; text: VisitKey } | null;
