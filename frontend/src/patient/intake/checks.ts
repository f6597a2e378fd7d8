import type { IntakeKey } from "./intake.words";
import type {
  Activity,
  Address,
  AgreementAnswer,
  CardAnswer,
  Medications,
  Of,
  Question,
  SignatureAnswer,
} from "./types";

export interface Problem {
  key: IntakeKey;
  facts?: Record<string, string | number>;
}

/** What is wrong with an answer, for the page to say in its own words; the server judges by the same rules. */
export function problemOf(question: Question, value: unknown): Problem | null {
  if (value === null || value === undefined) {
    return "required" in question && question.required && question.type !== "note"
      ? { key: MISSING[question.type] ?? "wrong.required" }
      : null;
  }
  switch (question.type) {
    case "phone":
      return String(value).replace(/\D/g, "").length < 10 ? { key: "wrong.phone" } : null;
    case "email":
      return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(value)) ? null : { key: "wrong.email" };
    case "date":
      return wrongDate(question, String(value));
    case "number":
      return wrongNumber(question, Number(value));
    case "multi_choice":
      return null;
    case "address":
      return wrongAddress(value as Address);
    case "activities":
      return wrongActivities(question, value as Activity[]);
    case "medications":
      return (value as Medications).items.some((item) => !item.name) ? { key: "wrong.medicine" } : null;
    case "signature":
      return wrongSignature(value as SignatureAnswer);
    case "agreement":
      return question.sign === "name" && !(value as AgreementAnswer).name ? { key: "wrong.name" } : null;
    case "card_photo":
      return (value as CardAnswer).front ? null : { key: "wrong.front" };
  }
  return null;
}

const MISSING: Partial<Record<Question["type"], IntakeKey>> = {
  choice: "wrong.choose",
  multi_choice: "wrong.chooseAny",
  yes_no: "wrong.choose",
  scale: "wrong.chooseNumber",
  agreement: "wrong.agree",
  signature: "wrong.sign",
  body_diagram: "wrong.area",
  medications: "wrong.medications",
};

function wrongDate(question: Of<"date">, value: string): Problem | null {
  const day = new Date(`${value}T00:00:00Z`);
  const [year, month, date] = value.split("-").map(Number);
  const real = day.getUTCFullYear() === year && day.getUTCMonth() + 1 === month && day.getUTCDate() === date;
  if (!real || !year || year < 1900) return { key: "wrong.date" };
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  if (question.when === "past" && day.getTime() > today) return { key: "wrong.future" };
  if (question.when === "future" && day.getTime() < today) return { key: "wrong.past" };
  return null;
}

function wrongNumber(question: Of<"number">, value: number): Problem | null {
  const { least, most, decimals = 0 } = question;
  if (least !== null && least !== undefined && value < least) return { key: "wrong.least", facts: { least } };
  if (most !== null && most !== undefined && value > most) return { key: "wrong.most", facts: { most } };
  return Number(value.toFixed(decimals)) === value ? null : { key: "wrong.decimals" };
}

function wrongAddress(value: Address): Problem | null {
  return value.street && value.city && value.state && value.zip ? null : { key: "wrong.address" };
}

function wrongActivities(question: Of<"activities">, value: Activity[]): Problem | null {
  if (value.some((item) => !item.activity || item.score === null)) return { key: "wrong.activities" };
  const names = new Set(value.map((item) => item.activity.trim().toLowerCase()));
  if (names.size < value.length) return { key: "wrong.activitiesTwice" };
  const least = question.least ?? 3;
  return value.length < least ? { key: "wrong.activitiesLeast", facts: { least } } : null;
}

function wrongSignature(value: SignatureAnswer): Problem | null {
  if (value.kind === "drawn" && value.strokes.length === 0) return { key: "wrong.sign" };
  return value.name ? null : { key: "wrong.name" };
}
