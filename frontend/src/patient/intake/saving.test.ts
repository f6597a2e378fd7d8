import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Saver, type SaveState } from "./saving";

interface Sent {
  revision: number;
  answers: Record<string, unknown>;
}

const sent: Sent[] = [];
let answer: () => Response;
const ok = (revision: number, others = {}) =>
  new Response(JSON.stringify({ revision, percent: 1, others }), { status: 200 });

function saver() {
  const states: SaveState[] = [];
  const told = { others: {}, refused: [] as string[], failed: 0 };
  const made = new Saver(1, {
    state: (state) => states.push(state),
    others: (news) => Object.assign(told.others, news),
    refused: (ids) => told.refused.push(...ids),
    failed: () => {
      told.failed += 1;
    },
  });
  return { made, states, told };
}

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  answer = () => ok(sent.length + 1);
  vi.stubGlobal("fetch", async (_: string, request: RequestInit) => {
    sent.push(JSON.parse(String(request.body)));
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("saving as one types", () => {
  it("gathers what is typed and sends it once, on top of the last revision", async () => {
    const { made, states } = saver();
    made.set("goal", "W");
    made.set("goal", "Walk");
    made.set("fell", false);
    await vi.advanceTimersByTimeAsync(800);
    expect(sent).toEqual([{ revision: 1, answers: { goal: "Walk", fell: false } }]);
    expect(states.at(-1)).toBe("saved");
    made.set("goal", null);
    await vi.advanceTimersByTimeAsync(800);
    expect(sent[1]).toEqual({ revision: 2, answers: { goal: null } });
  });

  it("loses nothing while there is no connection", async () => {
    const { made, states } = saver();
    answer = () => {
      throw new TypeError("no network");
    };
    made.set("goal", "Walk");
    await vi.advanceTimersByTimeAsync(800);
    expect(states.at(-1)).toBe("offline");
    answer = () => ok(2);
    await vi.advanceTimersByTimeAsync(4100);
    expect(sent.at(-1)).toEqual({ revision: 1, answers: { goal: "Walk" } });
    expect(states.at(-1)).toBe("saved");
  });

  it("saves again what was typed while a save was on its way", async () => {
    const { made } = saver();
    made.set("goal", "Wal");
    answer = () => {
      made.set("goal", "Walk");
      answer = () => ok(3);
      return ok(2);
    };
    await vi.advanceTimersByTimeAsync(3000);
    expect(sent.map((one) => one.answers.goal)).toEqual(["Wal", "Walk"]);
  });

  it("takes over what another device wrote, but not where this one is writing", async () => {
    const { made, told } = saver();
    made.set("goal", "Mine");
    answer = () => {
      made.set("work", "Still typing");
      answer = () => ok(3);
      return ok(2, { work: "Theirs", home: "Theirs" });
    };
    await vi.advanceTimersByTimeAsync(800);
    expect(told.others).toEqual({ home: "Theirs" });
  });

  it("sets aside what the server refuses and keeps the rest", async () => {
    const { made, told } = saver();
    made.set("goal", "x");
    made.set("work", "Nurse");
    answer = () => {
      answer = () => ok(2);
      const errors = [{ pointer: "/answers/goal", detail: "too long" }];
      return new Response(JSON.stringify({ type: "invalid", errors }), { status: 422 });
    };
    await vi.advanceTimersByTimeAsync(3000);
    expect(told.refused).toEqual(["goal"]);
    expect(sent.at(-1)?.answers).toEqual({ work: "Nurse" });
  });

  it("stops when the page has closed, and waits for the rest when asked to", async () => {
    const { made, told } = saver();
    answer = () => new Response(JSON.stringify({ type: "page-closed" }), { status: 401 });
    made.set("goal", "x");
    await vi.advanceTimersByTimeAsync(5000);
    expect([told.failed, sent.length]).toEqual([1, 1]);
    answer = () => ok(2);
    made.set("work", "Nurse");
    await made.flush();
    expect(sent.at(-1)?.answers).toEqual({ work: "Nurse" });
  });
});
