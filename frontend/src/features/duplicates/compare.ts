import { day, phone, words } from "../../shared/lib/format";
import type { DuplicateOut, LeadOut, PatientOut } from "./queries";

/** One line of the comparison. `same` is null where one of them does not say. */
export interface Line {
  label: string;
  mine: string;
  other: string;
  same: boolean | null;
}

export const fullName = (patient: PatientOut): string =>
  [patient.first_name, patient.middle_name, patient.last_name, patient.suffix].filter(Boolean).join(" ");

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const insurance = (patient: PatientOut): string =>
  patient.coverages.map((row) => [row.payer_name, row.member_id].filter(Boolean).join(" ")).join(", ");

const FACTS: [string, (patient: PatientOut) => string][] = [
  ["Name", fullName],
  ["Born", (patient) => day(patient.dob)],
  ["Sex", (patient) => patient.sex ?? ""],
  ["Phone", (patient) => phone(patient.phone)],
  ["Other phone", (patient) => phone(patient.phone_alt)],
  ["E-mail", (patient) => patient.email ?? ""],
  ["Address", (patient) => patient.address ?? ""],
  ["Insurance", insurance],
  ["Record number", (patient) => patient.mrn ?? ""],
];

/** What the two leads say of their patients and of themselves, side by side; lines nobody fills are left out. */
export function compare(lead: LeadOut, other: DuplicateOut): Line[] {
  const people = FACTS.map(([label, read]) => line(label, read(lead.patient), read(other.patient)));
  const about = [
    line("Stage", lead.stage_name, other.stage_name),
    line("Came by", words(lead.source), words(other.source)),
    line("Opened", day(lead.opened_at.slice(0, 10)), day(other.opened_at.slice(0, 10))),
    line("Clinic", lead.location_name ?? "", other.location_name ?? ""),
  ].map((found) => ({ ...found, same: null }));
  return [...people, ...about].filter((found) => found.mine || found.other);
}

function line(label: string, mine: string, other: string): Line {
  return { label, mine, other, same: mine && other ? plain(mine) === plain(other) : null };
}

/** Which of two leads is better kept: the one further along, else the older. */
export function better(
  lead: { position: number; open: boolean; opened_at: string },
  other: { position: number; open: boolean; opened_at: string },
): "mine" | "other" {
  if (lead.open !== other.open) return lead.open ? "mine" : "other";
  if (lead.position !== other.position) return lead.position > other.position ? "mine" : "other";
  return lead.opened_at <= other.opened_at ? "mine" : "other";
}
