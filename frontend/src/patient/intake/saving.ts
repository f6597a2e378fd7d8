import { PatientProblem, patch } from "../api";
import type { Answers } from "./types";

export type SaveState = "saved" | "typing" | "saving" | "offline";

interface Saved {
  revision: number;
  percent: number;
  others: Answers;
}

interface Listener {
  state: (state: SaveState) => void;
  others: (answers: Answers) => void;
  refused: (questionIds: string[]) => void;
  failed: (error: unknown) => void;
}

const SETTLE_MS = 700;
const AGAIN_MS = 4000;
const AT_ONCE = 50;

/** Saves answers as they are given: gathered for a moment, one request at a time, tried until it goes through. */
export class Saver {
  private dirty = new Map<string, unknown>();
  private timer: number | undefined;
  private running: Promise<void> | null = null;
  private revision: number;
  private readonly listener: Listener;

  constructor(revision: number, listener: Listener) {
    this.revision = revision;
    this.listener = listener;
  }

  /** One answer has changed. */
  set(id: string, value: unknown): void {
    this.dirty.set(id, value);
    this.listener.state("typing");
    this.plan(SETTLE_MS);
  }

  /** Everything given so far is kept when this resolves. Rejects when the server cannot be reached now. */
  async flush(): Promise<void> {
    window.clearTimeout(this.timer);
    while (this.running || this.dirty.size > 0) await this.send();
  }

  /** The page goes away: send what is left without waiting. */
  leave(): void {
    if (this.dirty.size > 0) patch("links/intake/answers", this.body(this.batch()), true).catch(() => {});
  }

  private plan(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.send().then(
        () => this.dirty.size > 0 && this.plan(SETTLE_MS),
        () => this.plan(AGAIN_MS),
      );
    }, ms);
  }

  /** One request at a time. */
  private send(): Promise<void> {
    if (!this.running) {
      this.running = this.sendBatch().finally(() => {
        this.running = null;
      });
    }
    return this.running;
  }

  private batch(): [string, unknown][] {
    return Array.from(this.dirty.entries()).slice(0, AT_ONCE);
  }

  private body(batch: [string, unknown][]) {
    const answers: Answers = {};
    for (const [id, value] of batch) answers[id] = value ?? null;
    return { revision: this.revision, answers };
  }

  private async sendBatch(): Promise<void> {
    const batch = this.batch();
    if (batch.length === 0) return;
    this.listener.state("saving");
    try {
      const saved = await patch<Saved>("links/intake/answers", this.body(batch));
      this.revision = saved.revision;
      // What was typed again meanwhile is still to be saved.
      for (const [id, value] of batch) if (this.dirty.get(id) === value) this.dirty.delete(id);
      this.bring(saved.others);
      this.listener.state(this.dirty.size > 0 ? "typing" : "saved");
    } catch (error) {
      this.cope(error);
    }
  }

  /** What the other device wrote, but for what is being written here. */
  private bring(others: Answers): void {
    const news: Answers = {};
    for (const id of Object.keys(others)) if (!this.dirty.has(id)) news[id] = others[id];
    if (Object.keys(news).length > 0) this.listener.others(news);
  }

  private cope(error: unknown): void {
    const problem = error instanceof PatientProblem ? error : null;
    const refused = problem?.status === 422 ? refusedIn(problem) : [];
    if (refused.length > 0) {
      for (const id of refused) this.dirty.delete(id);
      this.listener.refused(refused);
      return;
    }
    if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      this.dirty.clear();
      this.listener.failed(error);
      return;
    }
    this.listener.state("offline");
    throw error;
  }
}

/** The questions a refusal names. */
export function refusedIn(problem: PatientProblem): string[] {
  const errors = Array.isArray(problem.body.errors) ? problem.body.errors : [];
  return errors
    .map((item: { pointer?: string }) => /^\/answers\/([a-z][a-z0-9_]*)$/.exec(item.pointer ?? "")?.[1])
    .filter((id): id is string => id !== undefined);
}
