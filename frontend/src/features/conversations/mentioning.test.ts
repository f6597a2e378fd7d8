import { describe, expect, it } from "vitest";
import { complete, matching, mentionAt, mentioned, parts } from "./mentioning";

const PEOPLE = [
  { id: "1", name: "Olivia Owner" },
  { id: "2", name: "Dana Desk" },
  { id: "3", name: "Dana Deskins" },
];

describe("mentions", () => {
  it("finds the name being typed", () => {
    expect(mentionAt("ask @Oli", 8)).toEqual({ start: 4, query: "Oli" });
    expect(mentionAt("@", 1)).toEqual({ start: 0, query: "" });
    expect(mentionAt("@Dana D", 7)).toEqual({ start: 0, query: "Dana D" });
    expect(mentionAt("dana@example.org", 16)).toBeNull();
    expect(mentionAt("@Dana Desk can you", 18)).toBeNull();
  });

  it("matches any part of a name", () => {
    expect(matching(PEOPLE, "des").map(({ id }) => id)).toEqual(["2", "3"]);
    expect(matching(PEOPLE, "")).toHaveLength(3);
  });

  it("completes it and leaves the caret behind", () => {
    expect(complete("ask @Oli now", 4, 8, "Olivia Owner")).toEqual(["ask @Olivia Owner now", 18]);
  });

  it("names the right one of two that begin alike, once each", () => {
    expect(mentioned("@Dana Deskins and @Olivia Owner, look", PEOPLE)).toEqual(["3", "1"]);
    expect(mentioned("@Dana Desk: look", PEOPLE)).toEqual(["2"]);
    expect(mentioned("@Dana Desktop", PEOPLE)).toEqual([]);
  });

  it("cuts a note without losing a letter", () => {
    const text = "hi @Olivia Owner 😀 @nobody";
    expect(
      parts(text, PEOPLE)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});
