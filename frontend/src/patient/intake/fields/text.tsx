import type { FieldProps } from "../field";
import type { Of } from "../types";

type Texts = Of<"short_text"> | Of<"long_text"> | Of<"phone"> | Of<"email">;

const KINDS = {
  short_text: { type: "text", autoComplete: undefined, most: 500 },
  phone: { type: "tel", autoComplete: "tel", most: 40 },
  email: { type: "email", autoComplete: "email", most: 254 },
} as const;
const KNOWN: Record<string, string> = {
  "patient.first_name": "given-name",
  "patient.middle_name": "additional-name",
  "patient.last_name": "family-name",
  "patient.phone": "tel",
  "patient.phone_alt": "off",
};

/** One line or several. */
export function TextField({ question, id, value, onChange, wrong, describedBy }: FieldProps<Texts, string>) {
  const shared = {
    id,
    value: value ?? "",
    "aria-invalid": wrong,
    "aria-describedby": describedBy,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value || null),
  };
  if (question.type === "long_text") {
    return <textarea {...shared} rows={4} maxLength={question.max_length ?? 2000} />;
  }
  const kind = KINDS[question.type];
  const most = question.type === "short_text" ? (question.max_length ?? 200) : kind.most;
  const complete = KNOWN[question.prefill ?? ""] ?? kind.autoComplete ?? "off";
  return <input {...shared} type={kind.type} autoComplete={complete} maxLength={most} />;
}

/** A number, as digits. */
export function NumberField({
  question,
  id,
  value,
  onChange,
  wrong,
  describedBy,
}: FieldProps<Of<"number">, number>) {
  return (
    <input
      id={id}
      className="short"
      type="text"
      inputMode={question.decimals ? "decimal" : "numeric"}
      maxLength={12}
      defaultValue={value === undefined ? "" : String(value)}
      aria-invalid={wrong}
      aria-describedby={describedBy}
      onChange={(event) => {
        const text = event.target.value.trim().replace(",", ".");
        const number = Number(text);
        onChange(text && Number.isFinite(number) ? number : null);
      }}
    />
  );
}
