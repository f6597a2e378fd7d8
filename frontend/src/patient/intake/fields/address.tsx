import { useWords } from "../../words/language";
import type { FieldProps } from "../field";
import { type IntakeKey, intakeWords } from "../intake.words";
import type { Address, Of } from "../types";

const EMPTY: Address = { street: "", unit: "", city: "", state: "", zip: "" };
const LINES: { name: keyof Address; label: IntakeKey; complete: string; most: number; width: string }[] = [
  { name: "street", label: "address.street", complete: "address-line1", most: 200, width: "" },
  { name: "unit", label: "address.unit", complete: "address-line2", most: 60, width: "" },
  { name: "city", label: "address.city", complete: "address-level2", most: 100, width: "" },
  { name: "state", label: "address.state", complete: "address-level1", most: 30, width: "half" },
  { name: "zip", label: "address.zip", complete: "postal-code", most: 10, width: "half" },
];

/** Where somebody lives, as phones fill it in by themselves. */
export function AddressField({
  id,
  value,
  onChange,
  wrong,
  describedBy,
}: FieldProps<Of<"address">, Address>) {
  const t = useWords(intakeWords);
  const known = { ...EMPTY, ...value };
  const set = (name: keyof Address, text: string) => {
    const next = { ...known, [name]: text };
    onChange(LINES.some((line) => next[line.name].trim()) ? next : null);
  };
  return (
    <div className="halves">
      {LINES.map((line, index) => (
        <label key={line.name} className={`field ${line.width}`}>
          {t(line.label)}
          <input
            id={index === 0 ? id : undefined}
            value={known[line.name]}
            autoComplete={line.complete}
            inputMode={line.name === "zip" ? "numeric" : undefined}
            maxLength={line.most}
            aria-invalid={wrong && line.name !== "unit" && !known[line.name]}
            aria-describedby={describedBy}
            onChange={(event) => set(line.name, event.target.value)}
          />
        </label>
      ))}
    </div>
  );
}
