import { describe, expect, it } from "vitest";
import type { MessageOut } from "./queries";
import { clock, dayName, failureAdvice, nextAt, outlook, statusWords } from "./wording";

const NOW = new Date(2026, 10, 24, 12, 0);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
const text = (changes: Partial<MessageOut>) => ({ reason: null, hold_until: null, ...changes }) as MessageOut;

describe("times", () => {
  it("are as short as is clear", () => {
    expect(clock(at(24, 17), NOW)).toBe("5:00 PM");
    expect(clock(at(25, 9), NOW)).toBe("9:00 AM Wed");
    expect(clock(new Date(2026, 11, 8, 9).toISOString(), NOW)).toBe("9:00 AM Tue, Dec 8");
  });

  it("name the day", () => {
    expect(dayName(at(24, 1), NOW)).toBe("Today");
    expect(dayName(at(23, 23), NOW)).toBe("Yesterday");
    expect(dayName(at(20, 9), NOW)).toBe("Fri, Nov 20");
  });

  it("mean the next such hour", () => {
    expect(nextAt("17:00", NOW).getDate()).toBe(24);
    expect(nextAt("09:30", NOW).getDate()).toBe(25);
  });
});

describe("what became of a text", () => {
  it.each<[Partial<MessageOut>, string]>([
    [{ status: "delivered" }, "Delivered"],
    [
      { status: "held", reason: "quiet_hours", hold_until: at(25, 9) },
      "Waits until 9:00 AM Wed: quiet hours",
    ],
    [{ status: "held", reason: "no_consent" }, "Held until the patient agrees to texts"],
    [{ status: "held", hold_until: at(24, 14) }, "Waits until 2:00 PM, then tried again"],
    [{ status: "blocked", reason: "opted_out" }, "Not sent: the patient opted out (STOP)"],
    [{ status: "canceled", reason: "opted_out" }, "Taken back: the patient opted out (STOP)"],
    [{ status: "canceled" }, "Taken back"],
    [{ status: "unknown" }, "Not sure it went out; asking the carrier"],
  ])("%#", (changes, words) => {
    expect(statusWords(text(changes), NOW)).toBe(words);
  });

  it("says what to do about a failure, known or not", () => {
    expect(failureAdvice("30006")).toContain("landline");
    expect(failureAdvice("99999")).toContain("Call");
    expect(failureAdvice(null)).toContain("Call");
  });
});

describe("what the composer says first", () => {
  it("goes", () => {
    expect(outlook({ action: "send", reason: null, until: null }, "granted", NOW).send).toBe("Send");
  });

  it("waits until a time", () => {
    const view = outlook({ action: "hold", reason: "quiet_hours", until: at(25, 9) }, "granted", NOW);
    expect(view).toMatchObject({ tone: "wait", title: "Waits until 9:00 AM Wed: quiet hours" });
    expect(view.send).toBe("Send at 9:00 AM Wed");
  });

  it("waits for consent, asked or not", () => {
    const verdict = { action: "hold", reason: "no_consent", until: null } as const;
    expect(outlook(verdict, "none", NOW).detail).toContain("Nobody has asked");
    expect(outlook(verdict, "asked", NOW).detail).toContain("YES");
  });

  it.each(["opted_out", "wrong_person", "bad_number", "landline", "no_line"] as const)(
    "is locked: %s",
    (reason) => {
      const view = outlook({ action: "block", reason, until: null }, "none", NOW);
      expect(view.tone).toBe("stop");
      expect(view.detail).not.toBe("");
    },
  );
});
