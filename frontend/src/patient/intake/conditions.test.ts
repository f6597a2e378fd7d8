import { describe, expect, it } from "vitest";
import { problemOf } from "./checks";
import { shown } from "./conditions";
import file from "./conditions.cases.json";
import type { Answers, Form, Question } from "./types";

describe("what a patient sees", () => {
  // The server's tests read the same cases: both must decide alike.
  it.each(file.cases)("follows from the answers: $answers", ({ answers, shown: expected }) => {
    const pages = shown(file.form as Form, answers as Answers);
    expect(pages.flatMap((page) => page.questions.map((question) => question.id))).toEqual(expected);
  });
});

describe("what is wrong with an answer", () => {
  const label = { en: "?" };
  const cases: [Question, unknown, string | null][] = [
    [{ type: "short_text", id: "a", label, required: true }, undefined, "wrong.required"],
    [{ type: "short_text", id: "a", label }, null, null],
    [{ type: "note", id: "a", label, required: true }, null, null],
    [{ type: "phone", id: "a", label }, "555", "wrong.phone"],
    [{ type: "phone", id: "a", label }, "(312) 555-0142", null],
    [{ type: "email", id: "a", label }, "ada@", "wrong.email"],
    [{ type: "date", id: "a", label }, "2026-02-30", "wrong.date"],
    [{ type: "date", id: "a", label, when: "past" }, "2099-01-01", "wrong.future"],
    [{ type: "date", id: "a", label, when: "future" }, "2001-01-01", "wrong.past"],
    [{ type: "number", id: "a", label, least: 1, most: 5 }, 6, "wrong.most"],
    [{ type: "number", id: "a", label }, 1.5, "wrong.decimals"],
    [
      { type: "activities", id: "a", label, least: 1 },
      [{ activity: "Walk", score: null }],
      "wrong.activities",
    ],
    [{ type: "activities", id: "a", label, least: 1 }, [{ activity: "Walk", score: 3 }], null],
    [{ type: "activities", id: "a", label }, [{ activity: "Walk", score: 3 }], "wrong.activitiesLeast"],
    [
      { type: "activities", id: "a", label, least: 2 },
      [
        { activity: "Walk", score: 3 },
        { activity: "walk ", score: 4 },
      ],
      "wrong.activitiesTwice",
    ],
    [{ type: "signature", id: "a", label }, { kind: "drawn", name: "Ada", strokes: [] }, "wrong.sign"],
    [{ type: "signature", id: "a", label }, { kind: "typed", name: "Ada", strokes: [] }, null],
    [{ type: "agreement", id: "a", label, sign: "name" }, { agreed: true, name: "" }, "wrong.name"],
  ];
  it.each(cases)("%o answered with %o", (question, value, expected) => {
    expect(problemOf(question, value)?.key ?? null).toBe(expected);
  });
});
