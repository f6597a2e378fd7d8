import { describe, expect, test } from "vitest";
import { parseLine, partOf } from "./parse-line";

const today = new Date(2026, 10, 25);
const said = (line: string) =>
  Object.fromEntries(Object.entries(parseLine(line, today)).filter(([, value]) => value !== ""));

describe("one line becomes a lead", () => {
  test.each([
    [
      "Ada Brown 217 555 0142 medicare knee Dr Silva",
      {
        first: "Ada",
        last: "Brown",
        phone: "217 555 0142",
        payer: "Medicare",
        reason: "Knee",
        referrer: "Dr Silva",
      },
    ],
    ["ada brown 2175550142", { first: "Ada", last: "Brown", phone: "2175550142" }],
    ["Brown, Ada (217) 555-0142", { first: "Ada", last: "Brown", phone: "(217) 555-0142" }],
    [
      "Ada Brown 4/9/61 217-555-0142 right knee",
      { first: "Ada", last: "Brown", dob: "1961-04-09", phone: "217-555-0142", reason: "Right knee" },
    ],
    ["Leo Tran 1/5/2015", { first: "Leo", last: "Tran", dob: "2015-01-05" }],
    ["Leo Tran 3/2/19", { first: "Leo", last: "Tran", dob: "2019-03-02" }],
    ["Ada Brown 1961-04-09", { first: "Ada", last: "Brown", dob: "1961-04-09" }],
    [
      "Maria de la Cruz 312.555.0143 hombro izquierdo",
      { first: "Maria", last: "de la Cruz", phone: "312.555.0143", reason: "Izquierdo hombro" },
    ],
    [
      "Liam O'Neil walk-in low back",
      { first: "Liam", last: "O'Neil", source: "walk_in", reason: "Low back" },
    ],
    ["liam o'neil", { first: "Liam", last: "O'Neil" }],
    [
      "Ada Brown ada@example.org bcbs",
      { first: "Ada", last: "Brown", email: "ada@example.org", payer: "Blue Cross Blue Shield" },
    ],
    [
      "Ada Brown work comp stat ankle",
      { first: "Ada", last: "Brown", payer: "Workers' compensation", urgency: "stat", reason: "Ankle" },
    ],
    [
      "Ada Brown referred by Dr. Lena Ortiz neck",
      { first: "Ada", last: "Brown", referrer: "Dr Lena Ortiz", reason: "Neck" },
    ],
    [
      "Ada Brown 217 555 0142 mornings only",
      { first: "Ada", last: "Brown", phone: "217 555 0142", note: "mornings only" },
    ],
    ["Ada", { first: "Ada" }],
    ["", {}],
  ])("%s", (line, expected) => {
    expect(said(line)).toEqual(expected);
  });

  test("a date that is none, or lies ahead, is no date of birth", () => {
    expect(parseLine("Ada Brown 13/45/1961", today).dob).toBe("");
    expect(parseLine("Ada Brown 4/9/2061", today).dob).toBe("");
  });
});

test("body part and side are named as the API names them", () => {
  expect(partOf("Right knee")).toEqual({ body_part: "knee", side: "right" });
  expect(partOf("Low back")).toEqual({ body_part: "lumbar spine", side: undefined });
  expect(partOf("dolor")).toEqual({});
});
