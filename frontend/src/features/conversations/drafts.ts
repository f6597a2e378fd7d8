/** A file uploaded to go with a text. */
export interface DraftFile {
  id: string;
  name: string;
}

/** What was begun and not sent, per conversation or lead. In memory only: it speaks of patients. */
export interface Draft {
  text: string;
  note: string;
  files: DraftFile[];
  mode: "text" | "note";
  /** The newest text of ours when writing began: a later one means that a colleague has answered meanwhile. */
  after: string | null;
}

const EMPTY: Draft = { text: "", note: "", files: [], mode: "text", after: null };
const drafts = new Map<string, Draft>();

export function draftOf(key: string): Draft {
  return drafts.get(key) ?? EMPTY;
}

export function keepDraft(key: string, draft: Draft): void {
  if (draft.text || draft.note || draft.files.length) drafts.set(key, draft);
  else drafts.delete(key);
}
