import { PatientProblem, patch } from "../api";
import type { Given, GivenAll } from "./screens";

export type SaveState = "saved" | "saving" | "offline";

interface Listener {
  state: (state: SaveState) => void;
  failed: (error: unknown) => void;
}

const PATH = "links/measures/answers";
const SETTLE_MS = 500;
const AGAIN_MS = 4000;

/** Keeps answers as they are given, a measure at a time; tries until it goes through. */
export class MeasureSaver {
  private dirty = new Map<string, Given>();
  private timer: number | undefined;
  private running: Promise<void> | null = null;
  private readonly listener: Listener;

  constructor(listener: Listener) {
    this.listener = listener;
  }

  /** A measure has other answers now. */
  set(key: string, given: Given): void {
    this.dirty.set(key, given);
    this.listener.state("saving");
    this.plan(SETTLE_MS);
  }

  /** Everything given so far is kept when this resolves. Rejects when the server cannot be reached now. */
  async flush(): Promise<void> {
    window.clearTimeout(this.timer);
    while (this.running || this.dirty.size > 0) await this.send();
  }

  /** The page goes away: send what is left without waiting. */
  leave(): void {
    if (this.dirty.size > 0) patch(PATH, { answers: this.batch() }, true).catch(() => {});
  }

  private plan(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.send().catch(() => this.plan(AGAIN_MS));
    }, ms);
  }

  private send(): Promise<void> {
    if (!this.running) {
      this.running = this.sendAll().finally(() => {
        this.running = null;
      });
    }
    return this.running;
  }

  private batch(): GivenAll {
    const found: GivenAll = {};
    this.dirty.forEach((given, key) => {
      found[key] = given;
    });
    return found;
  }

  private async sendAll(): Promise<void> {
    const sent = Array.from(this.dirty.entries());
    if (sent.length === 0) return;
    try {
      await patch(PATH, { answers: this.batch() });
    } catch (error) {
      if (
        error instanceof PatientProblem &&
        error.status >= 400 &&
        error.status < 500 &&
        error.status !== 429
      ) {
        this.dirty.clear();
        this.listener.failed(error);
        return;
      }
      this.listener.state("offline");
      throw error;
    }
    // What was changed again meanwhile is still to be saved.
    for (const [key, given] of sent) if (this.dirty.get(key) === given) this.dirty.delete(key);
    this.listener.state(this.dirty.size > 0 ? "saving" : "saved");
    if (this.dirty.size > 0) this.plan(SETTLE_MS);
  }
}
