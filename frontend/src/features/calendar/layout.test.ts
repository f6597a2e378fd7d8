import { expect, it } from "vitest";
import { wall } from "../../shared/lib/zones";
import { beginOf, boxOf, frameOf, gaps, lanesOf, momentAt, PX } from "./layout";

const CHICAGO = "America/Chicago";
const visit = (from: string, to: string) => ({ starts_at: `${from}:00Z`, ends_at: `${to}:00Z` });

it("shows the usual day, and more where something is", () => {
  const days = ["2026-11-25"];
  expect(frameOf(CHICAGO, days, [])).toEqual({ from: 480, to: 1080 });
  const early = visit("2026-11-25T12:45", "2026-11-25T13:30"); // 6:45 to 7:30
  const late = visit("2026-11-26T05:30", "2026-11-26T06:30"); // 23:30 to the next day
  const other = visit("2026-11-27T09:00", "2026-11-27T10:00");
  expect(frameOf(CHICAGO, days, [early, late, other])).toEqual({ from: 360, to: 1440 });
});

it("puts nine o'clock at nine o'clock on days on which the clock changes", () => {
  const frame = { from: 480, to: 1080 };
  for (const [day, nine] of [
    ["2026-03-08", "2026-03-08T14:00"],
    ["2026-11-01", "2026-11-01T15:00"],
    ["2026-11-25", "2026-11-25T15:00"],
  ] as const) {
    const begin = beginOf(CHICAGO, day, frame);
    const item = {
      starts_at: `${nine}:00Z`,
      ends_at: new Date(Date.parse(`${nine}:00Z`) + 3_600_000).toISOString(),
    };
    expect(boxOf(begin, frame, item)).toEqual({ top: 60 * PX, height: 60 * PX });
    expect(wall(CHICAGO, momentAt(begin, frame, 61 * PX))).toEqual({ day, minutes: 540 });
  }
});

it("cuts what reaches beyond the column", () => {
  const frame = { from: 480, to: 1080 };
  const begin = beginOf(CHICAGO, "2026-11-25", frame);
  expect(boxOf(begin, frame, visit("2026-11-25T13:00", "2026-11-25T14:30"))).toEqual({
    top: 0,
    height: 30 * PX,
  });
  expect(boxOf(begin, frame, visit("2026-11-25T12:00", "2026-11-25T14:00"))).toBeNull();
  expect(momentAt(begin, frame, -50)).toBe(begin);
  expect(wall(CHICAGO, momentAt(begin, frame, 9999)).minutes).toBe(1065);
});

it("puts overlapping visits side by side, and gives the others the whole width", () => {
  const found = lanesOf([
    visit("2026-11-25T15:00", "2026-11-25T16:00"),
    visit("2026-11-25T15:30", "2026-11-25T16:30"),
    visit("2026-11-25T16:00", "2026-11-25T17:00"),
    visit("2026-11-25T17:00", "2026-11-25T18:00"),
  ]);
  expect(found.map(({ lane, lanes }) => [lane, lanes])).toEqual([
    [0, 2],
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
});

it("knows when nobody works", () => {
  const start = Date.parse("2026-11-25T14:00:00Z");
  const end = Date.parse("2026-11-25T23:00:00Z");
  expect(gaps(start, end, []).length).toBe(1);
  const spans = [
    visit("2026-11-25T19:00", "2026-11-25T23:30"),
    visit("2026-11-25T15:00", "2026-11-25T18:00"),
  ];
  expect(
    gaps(start, end, spans).map((gap) => [gap.starts_at.slice(11, 16), gap.ends_at.slice(11, 16)]),
  ).toEqual([
    ["14:00", "15:00"],
    ["18:00", "19:00"],
  ]);
});
