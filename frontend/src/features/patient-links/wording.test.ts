import { describe, expect, it } from "vitest";
import type { LinkOut } from "./queries";
import { closable, fate, way } from "./wording";

const LINK: LinkOut = {
  id: "1",
  purpose: "intake",
  state: "open",
  created_at: "2026-11-25T15:00:00Z",
  sent_at: "2026-11-25T15:01:00Z",
  delivered_at: null,
  opened_at: null,
  used_at: null,
  expires_at: "2126-12-02T15:01:00Z",
  revoked_at: null,
};

describe("what is said of a link", () => {
  it("tells how far it came", () => {
    expect(way(LINK)).toMatch(/^Sent .* · never opened$/);
    expect(way({ ...LINK, opened_at: "2026-11-25T16:00:00Z" })).toMatch(/first opened/);
    expect(way({ ...LINK, sent_at: null })).toBe("");
  });
  it("tells what became of it", () => {
    expect(fate(LINK)).toMatch(/^Works until/);
    expect(fate({ ...LINK, state: "revoked", revoked_at: "2026-11-25T16:00:00Z" })).toMatch(/^Closed/);
  });
  it("offers to close what still opens something", () => {
    expect(closable(LINK)).toBe(true);
    expect(closable({ ...LINK, state: "used" })).toBe(true);
    expect(closable({ ...LINK, state: "used", expires_at: "2026-11-01T00:00:00Z" })).toBe(false);
    expect(closable({ ...LINK, state: "expired" })).toBe(false);
  });
});
