import { expect, test } from "vitest";
import type { Hl7QuestionOut, MaybePatient } from "./queries";
import { messageLine, moreLine, nameOf, outcomeLine, patientLine, personLine } from "./wording";

const person = { first_name: "Ada", last_name: "Sample", dob: "1961-04-09", sex: "F", mrn: "M1" };
const question = { person, count: 7, messages: [{ event: "S12", starts_at: null, received_at: "" }] };
const asked = question as unknown as Hl7QuestionOut;

test("what the EMR says is in plain words", () => {
  expect(nameOf(asked.person)).toBe("Ada Sample");
  expect(nameOf({} as Hl7QuestionOut["person"])).toBe("No name given");
  expect(personLine(asked.person)).toMatch(/born .*1961 · female · record M1/);
  expect(messageLine(asked.messages[0] as Hl7QuestionOut["messages"][number])).toBe("New appointment");
  expect(moreLine(asked)).toBe("and 6 earlier messages");
  expect(moreLine({ ...asked, count: 1 })).toBeNull();
});

test("what is missing of a patient is said, and what became of a decision", () => {
  expect(patientLine({ dob: null, mrn: null } as MaybePatient)).toBe("no date of birth · no record number");
  expect(outcomeLine(asked)).toBe("Being taken in");
  expect(outcomeLine({ ...asked, outcome: "updated" })).toBe("Taken in");
  expect(outcomeLine({ ...asked, outcome: "failed", detail: "no clinician of this name" })).toMatch(
    "no clinician",
  );
});
