/** Why a fax waits for a person, in the words of a front desk. */
export const HOLDS: Record<string, string> = {
  patient_name_missing: "No patient name could be read.",
  patient_dob_missing: "No date of birth could be read.",
  identity_uncertain: "Check the patient's name and date of birth against the page.",
  phone_uncertain: "Check the patient's phone number against the page.",
  signed_plan: "A signed plan of care. Choose the patient’s lead; it is never a new referral.",
  unknown_letter: "It carries a code of ours that leads nowhere. Say whose it is.",
  possible_same_patient: "This may be a patient you know. Choose below, or file as a new patient.",
  same_fax_again: "This very document has arrived before.",
  npi_of_another: "The NPI belongs to a referrer with another name. Check both.",
  another_referrer: "Sent through one referrer’s page, but the order names another.",
  not_a_referral: "This does not look like a referral. Attach it to a lead, or reject it.",
  unreadable: "Hardly anything could be read. Enter the referral by hand.",
  another_patient: "A patient sent this from their own page, but it names somebody else.",
  sender_not_named: "A patient sent this from their own page. Check that it is theirs.",
  regrouped: "You chose which pages belong together. Check and file.",
};

export const STATUS: Record<string, { label: string; color: string }> = {
  received: { label: "Received", color: "blue" },
  fetched: { label: "Fetched", color: "blue" },
  decoded: { label: "Opening pages", color: "blue" },
  read: { label: "Reading", color: "blue" },
  sorted: { label: "Sorting", color: "blue" },
  extracted: { label: "Finding fields", color: "blue" },
  matched: { label: "Matching", color: "blue" },
  filed: { label: "Filed", color: "teal" },
  needs_review: { label: "Needs review", color: "orange" },
  rejected: { label: "Rejected", color: "gray" },
  failed: { label: "Not readable", color: "red" },
};

export type Editor =
  | { kind: "text" }
  | { kind: "flag" }
  | { kind: "list" }
  | { kind: "choice"; of: string[] };
const TEXT: Editor = { kind: "text" };
const PARTS = [
  "cervical spine", "thoracic spine", "lumbar spine", "sacroiliac", "shoulder", "elbow", "wrist", "hand", "hip",
  "knee", "ankle", "foot", "jaw", "pelvic floor", "vestibular", "gait", "other",
]; // biome-ignore format: a word list

export interface FieldSpec {
  name: string;
  label: string;
  editor: Editor;
  always?: boolean;
}
const field = (name: string, label: string, editor: Editor = TEXT, always = false): FieldSpec => ({
  name,
  label,
  editor,
  always,
});

/** The fields a person reviews, as a desk thinks of them; `always` ones are shown though nothing was read. */
export const GROUPS: { title: string; fields: FieldSpec[] }[] = [
  {
    title: "Patient",
    fields: [
      field("patient_first_name", "First name", TEXT, true),
      field("patient_middle_name", "Middle name"),
      field("patient_last_name", "Last name", TEXT, true),
      field("patient_suffix", "Suffix"),
      field("patient_dob", "Date of birth", TEXT, true),
      field("patient_sex", "Sex", { kind: "choice", of: ["F", "M", "X"] }, true),
      field("patient_phone", "Phone", TEXT, true),
      field("patient_phone_alt", "Other phone"),
      field("patient_email", "E-mail"),
      field("patient_address", "Address", TEXT, true),
      field("patient_mrn", "Record number"),
    ],
  },
  {
    title: "Insurance",
    fields: [
      field("payer_name", "Payer", TEXT, true),
      field("member_id", "Member ID", TEXT, true),
      field("group_number", "Group"),
      field("secondary_payer_name", "Second payer"),
      field("authorization_number", "Authorization"),
      field("visits_authorized", "Visits authorized"),
    ],
  },
  {
    title: "Referred by",
    fields: [
      field("referrer_name", "Provider", TEXT, true),
      field("referrer_credential", "Credential"),
      field("referrer_npi", "NPI"),
      field("referrer_practice", "Practice", TEXT, true),
      field("referrer_phone", "Phone"),
      field("referrer_fax", "Fax"),
      field("referrer_address", "Address"),
      field("referrer_signed", "Signed", { kind: "flag" }),
    ],
  },
  {
    title: "Order",
    fields: [
      field("referral_date", "Date ordered", TEXT, true),
      field("diagnosis_text", "Diagnosis", TEXT, true),
      field("icd10_codes", "ICD-10", { kind: "list" }),
      field("body_part", "Body part", { kind: "choice", of: PARTS }, true),
      field("side", "Side", { kind: "choice", of: ["left", "right", "bilateral"] }),
      field("discipline", "Discipline", { kind: "choice", of: ["PT", "OT", "SLP", "other"] }),
      field("evaluate_and_treat", "Evaluate and treat", { kind: "flag" }),
      field("frequency_per_week", "Times a week"),
      field("duration_weeks", "Weeks"),
      field("procedure", "Procedure"),
      field("surgery_date", "Date of surgery"),
      field("precautions", "Precautions"),
      field("weight_bearing", "Weight bearing"),
      field("urgency", "Urgency", { kind: "choice", of: ["routine", "urgent", "stat"] }),
      field("order_text", "Order text"),
      field("notes", "Notes"),
    ],
  },
];
