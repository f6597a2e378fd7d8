import { describe, expect, it } from "vitest";
import { changed, messagesOf, rowsOf, withMessage, withNewest, withRow } from "./cache";
import type { ConversationOut, ListData, MessageOut, ThreadData } from "./queries";

const hour = (number: number) => `2026-11-24T${String(number).padStart(2, "0")}:00:00Z`;

function row(id: string, at: number, changes: Partial<ConversationOut> = {}): ConversationOut {
  return {
    id,
    version: 1,
    phone: "+12175550142",
    our_number: "+12175550110",
    location_id: null,
    people: [],
    owner: null,
    waiting: true,
    unread: 0,
    undeliverable: false,
    last_at: hour(at),
    last_text: null,
    last_direction: null,
    mine: false,
    mention: null,
    ...changes,
  };
}

const list = (...pages: ConversationOut[][]): ListData => ({
  pages: pages.map((items, index) => ({ items, next_cursor: index < pages.length - 1 ? "more" : null })),
  pageParams: pages.map(() => ""),
});
const ids = (data: ListData) => rowsOf(data).map(({ id }) => id);

function message(id: string, at: number, changes: Partial<MessageOut> = {}): MessageOut {
  return {
    id,
    conversation_id: "c",
    lead_id: null,
    direction: "in",
    body: id,
    status: "received",
    reason: null,
    hold_until: null,
    error_code: null,
    author: "x",
    automatic: false,
    understood: null,
    created_at: hour(at),
    sent_at: null,
    ...changes,
  } as MessageOut;
}

const thread = (...pages: MessageOut[][]): ThreadData => ({
  pages: pages.map((items, index) => ({ items, next_cursor: index < pages.length - 1 ? "more" : null })),
  pageParams: pages.map(() => ""),
});

describe("the list", () => {
  it("brings a conversation with a new text to the top", () => {
    const data = withRow(list([row("a", 9), row("b", 8)], [row("c", 7)]), row("c", 10, { version: 2 }));
    expect(ids(data)).toEqual(["c", "a", "b"]);
  });

  it("changes what stands where it is without moving it", () => {
    const before = list([row("a", 9), row("b", 8)]);
    const data = withRow(before, row("b", 8, { version: 2, unread: 3 }));
    expect(ids(data)).toEqual(["a", "b"]);
    expect(rowsOf(data)[1]?.unread).toBe(3);
    expect(rowsOf(data)[0]).toBe(rowsOf(before)[0]);
  });

  it("does not go back to an older version", () => {
    const data = list([row("a", 9, { version: 5 })]);
    expect(withRow(data, row("a", 9, { version: 4, unread: 9 }))).toBe(data);
  });

  it("takes away what was ticked off, from the waiting ones only", () => {
    const settled = row("a", 9, { waiting: false, version: 2 });
    expect(ids(changed(list([row("a", 9), row("b", 8)]), settled, "waiting", false))).toEqual(["b"]);
    expect(ids(changed(list([row("a", 9), row("b", 8)]), settled, "all", false))).toEqual(["a", "b"]);
  });

  it("leaves what lies beyond the loaded pages to its page", () => {
    const data: ListData = { pages: [{ items: [row("a", 9)], next_cursor: "more" }], pageParams: [""] };
    expect(ids(withRow(data, row("old", 2)))).toEqual(["a"]);
  });

  it("adds nothing that the search did not find", () => {
    expect(ids(changed(list([row("a", 9)]), row("new", 10), "all", true))).toEqual(["a"]);
  });
});

describe("the thread", () => {
  it("adds what is new and keeps what did not change", () => {
    const before = thread([message("b", 8), message("a", 7)], [message("z", 6)]);
    const newest = { items: [message("c", 9), message("b", 8), message("a", 7)], next_cursor: "x" };
    const data = withNewest(before, newest);
    expect(messagesOf(data).map(({ id }) => id)).toEqual(["z", "a", "b", "c"]);
    expect(messagesOf(data)[2]).toBe(messagesOf(before)[2]);
  });

  it("moves a status forward in place", () => {
    const before = thread([message("a", 7, { direction: "out", status: "queued" })]);
    const data = withMessage(before, message("a", 7, { direction: "out", status: "delivered" }));
    expect(messagesOf(data).map(({ status }) => status)).toEqual(["delivered"]);
  });

  it("begins again when more came in than one page holds", () => {
    const data = withNewest(thread([message("a", 1)]), { items: [message("z", 9)], next_cursor: "x" });
    expect(messagesOf(data).map(({ id }) => id)).toEqual(["z"]);
  });

  it("is in order whatever the order of arrival", () => {
    const data = withMessage(thread([message("c", 9), message("a", 7)]), message("b", 8));
    expect(messagesOf(data as ThreadData).map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });
});
