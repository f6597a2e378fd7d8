import { describe, expect, it } from "vitest";
import { type Catalogue, filled } from "./language";
import { grade, syllables } from "./reading";

const MOST_GRADE = 8;
// Every catalogue of the patient's pages, whoever writes it.
const files = import.meta.glob<Record<string, Catalogue<string>>>("../**/*.words.ts", { eager: true });
const catalogues = Object.keys(files).map((path): [string, Catalogue<string>] => {
  const found = Object.values(files[path] ?? {}).find((value) => value && "en" in value && "es" in value);
  if (!found) throw new Error(`${path} exports no catalogue`);
  return [path, found];
});

describe.each(catalogues)("%s", (_, { en, es }) => {
  it("asks for eight years of school at most", () => {
    expect(grade(Object.values(en).join(" . "))).toBeLessThanOrEqual(MOST_GRADE);
  });

  it("has no single sentence that is hard", () => {
    const long = Object.entries(en).filter(([, text]) => (text.match(/[A-Za-z]+/g) ?? []).length >= 8);
    expect(long.filter(([, text]) => grade(text) > MOST_GRADE + 1)).toEqual([]);
  });

  it("says the same in Spanish, with the same facts", () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
    const facts = (text: string | undefined) => (text?.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(en)) {
      expect([key, facts(es[key])]).toEqual([key, facts(en[key])]);
      expect(es[key]).not.toBe("");
    }
  });
});

describe("reading", () => {
  it.each([
    ["cat", 1],
    ["table", 2],
    ["insurance", 3],
    ["moved", 1],
    ["needed", 2],
    ["appointment", 3],
    ["please", 1],
  ])("hears %s as %i", (word, beats) => {
    expect(syllables(word)).toBe(beats);
  });

  it("tells easy from hard", () => {
    expect(grade("We look at your card. Is this right?")).toBeLessThan(4);
    expect(
      grade(
        "Notwithstanding prior authorization requirements, beneficiaries acknowledge financial responsibility.",
      ),
    ).toBeGreaterThan(14);
  });

  it("fills in facts and leaves strangers alone", () => {
    expect(filled("Page for {person} {other}", { person: "Ada S." })).toBe("Page for Ada S. {other}");
  });
});
