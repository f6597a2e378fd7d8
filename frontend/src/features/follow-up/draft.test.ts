import { expect, it } from "vitest";
import { added, changed, type Draft, draftOf, missing, moved, removed, stepsOf } from "./draft";

const kinds = (draft: Draft) => draft.steps.map((step) => step.kind);

it("begins with a text and adds before the closing step", () => {
  const draft = { ...draftOf(null), name: "Post-op" };
  draft.steps = added(draft.steps, "close");
  draft.steps = added(draft.steps, "call");
  expect(kinds(draft)).toEqual(["text", "call", "close"]);
  expect(missing(draft)).toBeNull();
  expect(stepsOf(draft.steps)[0]).not.toHaveProperty("key");
});

it("moves within its bounds, and changes one step only", () => {
  expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  const steps = added(draftOf(null).steps, "call");
  const second = steps[1]?.key ?? 0;
  const renamed = changed(steps, second, { title: "Ring" } as never);
  expect(renamed[1]).toMatchObject({ kind: "call", title: "Ring" });
  expect(renamed[0]).toBe(steps[0]);
  expect(removed(steps, second)).toHaveLength(1);
});

it("says what is missing", () => {
  const draft = draftOf(null);
  expect(missing(draft)).toBe("Give the sequence a name.");
  expect(missing({ ...draft, name: "x", steps: [] })).toBe("Add a step.");
  expect(missing({ ...draft, name: "x", steps: added([], "task") })).toBe("Step 1 needs a title.");
  const closing = added([], "close");
  expect(missing({ ...draft, name: "x", steps: [...closing, ...draft.steps] })).toBe(
    "Closing the lead must come last.",
  );
});
