import { describe, expect, it } from "vitest";
import { labelsIn, pasted, questionsIn } from "./paste";

describe("pasted questions", () => {
  it("are one per line, without their numbers", () => {
    expect(questionsIn("1. Open a jar\r\n2) Write\n\u2022 Turn a key\n")).toEqual([
      { text: "Open a jar", options: null },
      { text: "Write", options: null },
      { text: "Turn a key", options: null },
    ]);
  });

  it("have their own answers below them where empty lines part them", () => {
    const text = "Section 1\n0 none\na little\n\nSection 2\nnone\nmuch";
    expect(questionsIn(text)[1]).toEqual({ text: "Section 2", options: ["none", "much"] });
    expect(questionsIn("One\n\nTwo\n\nThree")).toHaveLength(3);
    expect(questionsIn(pasted(questionsIn(text)))).toEqual(questionsIn(text));
  });

  it("share labels, one per line", () => {
    expect(labelsIn("1 = No difficulty\n2 = Mild\n\n3. Moderate")).toEqual([
      "No difficulty",
      "Mild",
      "Moderate",
    ]);
    expect(labelsIn("  ")).toEqual([]);
  });
});
