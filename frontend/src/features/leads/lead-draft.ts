import type { Parsed } from "./parse-line";
import { partOf } from "./parse-line";
import type { NewLeadIn } from "./queries";

export type Draft = Omit<Parsed, "source" | "urgency"> & {
  source: string;
  urgency: string;
  location: string;
};
export type Field = keyof Draft;

export const EMPTY: Draft = {
  first: "",
  last: "",
  phone: "",
  dob: "",
  email: "",
  payer: "",
  reason: "",
  referrer: "",
  source: "phone",
  urgency: "routine",
  note: "",
  location: "",
};

/** What the line says, except where a person has typed into a field themselves. */
export function merged(draft: Draft, parsed: Parsed, touched: ReadonlySet<Field>): Draft {
  const said = { ...parsed, source: parsed.source || "phone", urgency: parsed.urgency || "routine" };
  const kept = Object.fromEntries(
    Object.entries(said).filter(([name]) => !touched.has(name as Field)),
  ) as Partial<Draft>;
  return { ...draft, ...kept };
}

/** The draft as the API takes it. */
export function leadOf(draft: Draft, separate: boolean): NewLeadIn {
  const given = (text: string) => text.trim() || undefined;
  const part = partOf(draft.reason);
  const referrer = given(draft.referrer);
  const order =
    draft.reason || referrer
      ? {
          ...part,
          diagnosis_text: part.body_part ? undefined : given(draft.reason),
          referrer: referrer ? { name: referrer } : undefined,
        }
      : undefined;
  return {
    source: draft.source as NewLeadIn["source"],
    urgency: draft.urgency as NewLeadIn["urgency"],
    location_id: draft.location || undefined,
    patient: {
      first_name: draft.first,
      last_name: draft.last,
      dob: given(draft.dob),
      phone: given(draft.phone),
      email: given(draft.email),
    },
    payer_name: given(draft.payer),
    order,
    note: given(draft.note),
    separate,
  };
}
