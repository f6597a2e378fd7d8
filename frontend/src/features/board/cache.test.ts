import { describe, expect, it } from "vitest";
import { cardsOf, placed, withCard, without } from "./cache";
import type { ColumnData, LeadCard } from "./queries";

const card = (id: string, rank: string) => ({ id, rank }) as LeadCard;
const column = (next: string | null, ...pages: LeadCard[][]): ColumnData => ({
  pages: pages.map((items, index) => ({ items, next_cursor: index === pages.length - 1 ? next : "more" })),
  pageParams: pages.map(() => ""),
});
const ids = (data: ColumnData) => cardsOf(data).map((item) => item.id);

describe("withCard", () => {
  const data = column(null, [card("a", "B"), card("b", "D")], [card("c", "F")]);

  it("puts a card where its rank belongs, across pages", () => {
    expect(ids(withCard(data, card("x", "C")))).toEqual(["a", "x", "b", "c"]);
    expect(ids(withCard(data, card("x", "E")))).toEqual(["a", "b", "x", "c"]);
    expect(ids(withCard(data, card("x", "A")))).toEqual(["x", "a", "b", "c"]);
  });

  it("compares ranks byte by byte: capitals come first", () => {
    expect(ids(withCard(data, card("x", "a")))).toEqual(["a", "b", "c", "x"]);
  });

  it("moves a card that is there already", () => {
    expect(ids(withCard(data, card("a", "G")))).toEqual(["b", "c", "a"]);
  });

  it("leaves out what lies beyond the loaded pages", () => {
    const partly = column("more", [card("a", "B")]);
    expect(ids(withCard(partly, card("x", "C")))).toEqual(["a"]);
  });

  it("does not change what was given", () => {
    withCard(data, card("x", "C"));
    expect(ids(data)).toEqual(["a", "b", "c"]);
  });
});

describe("placed", () => {
  const data = column(null, [card("a", "B"), card("b", "D")]);

  it("puts a card below another, or on top", () => {
    expect(ids(placed(data, card("x", "Z"), "a"))).toEqual(["a", "x", "b"]);
    expect(ids(placed(data, card("x", "Z"), null))).toEqual(["x", "a", "b"]);
    expect(ids(placed(data, card("b", "D"), null))).toEqual(["b", "a"]);
  });
});

describe("without", () => {
  it("returns the same column when the card is not in it", () => {
    const data = column(null, [card("a", "B")]);
    expect(without(data, "x")).toBe(data);
  });
});
