import { expect, test } from "vitest";
import { better, compare } from "./compare";
import type { DuplicateOut, LeadOut } from "./queries";

const patient = {
  id: "p",
  version: 1,
  first_name: "Áda",
  middle_name: null,
  last_name: "Sample",
  suffix: null,
  dob: "1961-04-09",
  sex: null,
  phone: "+13125550142",
  phone_alt: null,
  email: null,
  address: null,
  mrn: null,
  coverages: [],
};
const lead = {
  patient,
  stage_name: "New",
  source: "fax",
  opened_at: "2026-11-24T10:00:00Z",
  location_name: null,
} as unknown as LeadOut;
const other = {
  ...lead,
  patient: { ...patient, first_name: "Ada", dob: null, email: "a@example.org" },
} as unknown as DuplicateOut;

test("what is the same is marked, what one does not say is not", () => {
  const lines = Object.fromEntries(compare(lead, other).map((line) => [line.label, line.same]));
  expect(lines).toEqual({
    Name: true,
    Born: null,
    Phone: true,
    "E-mail": null,
    Stage: null,
    "Came by": null,
    Opened: null,
  });
});

test("the lead further along is kept, then the older; a closed one never before an open one", () => {
  const at = (position: number, opened_at: string, open = true) => ({ position, opened_at, open });
  expect(better(at(2, "b"), at(1, "a"))).toBe("mine");
  expect(better(at(1, "b"), at(1, "a"))).toBe("other");
  expect(better(at(7, "a", false), at(0, "b"))).toBe("other");
});
