import { describe, expect, it } from "vitest";
import type { LetterOut, SendingOut } from "./queries";
import { KINDS, mayHaveArrived, proofOf, reasonOf, titleOf } from "./wording";

const sending = (change: Partial<SendingOut>): SendingOut => ({
  number: 1,
  way: "fax",
  provider: "documo",
  from_address: "+12175550101",
  to_address: "+13125550177",
  state: "delivered",
  external_id: "7",
  started_at: "2026-11-25T15:00:00Z",
  accepted_at: null,
  finished_at: "2026-11-25T15:01:00Z",
  pages: 1,
  page_count: 1,
  remote_station: null,
  code: null,
  reached: null,
  ...change,
});
const letter = (change: Partial<LetterOut>) =>
  ({
    kind: "received",
    says: ["received"],
    state: "failed",
    reason: "busy",
    sendings: [],
    ...change,
  }) as LetterOut;

describe("letters in words", () => {
  it("names all news of one letter", () => {
    expect(titleOf(letter({ says: ["received", "scheduled"] }))).toBe(
      "Referral received, first visit scheduled",
    );
    expect(titleOf(letter({ says: [], kind: "seen" }))).toBe(KINDS.seen);
  });
  it("warns where part of a letter may have arrived, and only there", () => {
    const midway = letter({
      reason: "7001",
      sendings: [sending({ state: "failed", reached: "data_exchanged" })],
    });
    expect(mayHaveArrived(midway)).toBe(true);
    expect(reasonOf(midway)).toContain("ask the office before sending it again");
    const busy = letter({ sendings: [sending({ state: "failed", reached: "before_data" })] });
    expect(reasonOf(busy)).toBe("The line was busy.");
  });
  it("reads the proof out", () => {
    expect(proofOf(sending({ remote_station: "ROWAN ORTHO" }))).toMatch(
      /to \(312\) 555-0177: 1 page received, answered by “ROWAN ORTHO”$/,
    );
    expect(proofOf(sending({ state: "failed", code: "no_answer" }))).toMatch(/Nobody answered\.$/);
    expect(proofOf(sending({ way: "email", to_address: "r@o.example.org" }))).toContain("mail server of r@o");
  });
});
