import { describe, expect, it } from "vitest";
import { inWords } from "./conditions";
import { duplicated, earlierThan, newQuestion, placed, questionsOf, sectionsOf, shifted } from "./draft";
import type { Form } from "./queries";

const words = (en: string) => ({ en, es: "" });
const form: Form = {
  title: words("Form"),
  sections: [
    {
      id: "a",
      title: words("A"),
      questions: [
        { type: "yes_no", id: "fell", label: words("Have you fallen?") },
        { type: "note", id: "read", label: words("Read this") },
        { type: "number", id: "falls", label: words("How often?") },
      ],
    },
    {
      id: "b",
      title: words("B"),
      questions: [
        {
          type: "choice",
          id: "pays",
          label: words("Who pays?"),
          options: [{ id: "me", label: words("I do") }],
        },
      ],
    },
  ],
};
const ids = (one: Form, section: string) =>
  questionsOf(sectionsOf(one).find((found) => found.id === section) ?? { id: "", title: words("") }).map(
    (question) => question.id,
  );

describe("the draft of a form", () => {
  it("moves a question within its section and into another", () => {
    expect(ids(placed(form, "falls", "a", 0), "a")).toEqual(["falls", "fell", "read"]);
    const moved = placed(form, "fell", "b", 1);
    expect(ids(moved, "a")).toEqual(["read", "falls"]);
    expect(ids(moved, "b")).toEqual(["pays", "fell"]);
    expect(placed(form, "gone", "b", 0)).toBe(form);
  });

  it("keeps the order at the ends", () => {
    expect(shifted([1, 2, 3], 0, -1)).toEqual([1, 2, 3]);
    expect(shifted([1, 2, 3], 0, 1)).toEqual([2, 1, 3]);
  });

  it("lets conditions look back only, and never at a note", () => {
    expect(earlierThan(form, "b", "pays").map((question) => question.id)).toEqual(["fell", "falls"]);
    expect(earlierThan(form, "a", "fell")).toEqual([]);
    expect(earlierThan(form, "b", null).map((question) => question.id)).toEqual(["fell", "falls"]);
  });

  it("names a copy like nothing else", () => {
    const copied = duplicated(form, "a", "fell");
    expect(ids(copied, "a")).toEqual(["fell", "fell_1", "read", "falls"]);
    expect(newQuestion(copied, "yes_no").id).toBe("yes_no_1");
  });
});

describe("a condition in words", () => {
  it("says what is asked and what must be answered", () => {
    const rule = { question: "fell", op: "equals" as const, value: true };
    expect(inWords(form, { match: "all", rules: [rule] })).toBe("Only if “Have you fallen?” is yes");
    const paid = { question: "pays", op: "equals" as const, value: "me" };
    expect(inWords(form, { match: "any", rules: [rule, paid] })).toBe(
      "Only if “Have you fallen?” is yes or “Who pays?” is “I do”",
    );
    expect(inWords(form, { rules: [] })).toBeNull();
  });
});
