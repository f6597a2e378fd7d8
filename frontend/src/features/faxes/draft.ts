import type { FaxSegmentOut, FieldOut } from "./queries";
import type { Editor } from "./wording";

/** What a person has typed, by segment and field; only what they touched. */
export type Draft = Record<number, Record<string, string>>;

/** A normal value as it stands in an input. */
export function shown(normal: FieldOut["normal"] | undefined): string {
  if (normal === undefined) return "";
  return Array.isArray(normal) ? normal.join(", ") : String(normal);
}

/** What the input of a field holds now. */
export function typed(draft: Draft, segment: FaxSegmentOut, name: string): string {
  return draft[segment.index]?.[name] ?? shown(segment.fields[name]?.normal);
}

/** What is typed, in the form the API takes; null empties the field. */
export function normalOf(text: string, editor: Editor): string | boolean | string[] | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (editor.kind === "flag") return trimmed === "true";
  if (editor.kind === "list") {
    return trimmed
      .split(/[,;\s]+/)
      .filter(Boolean)
      .map((code) => code.toUpperCase());
  }
  return trimmed;
}

/** A date as people write it (4/9/1961) in ISO form; anything else unchanged. */
export function isoDate(text: string): string {
  const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim());
  return match ? `${match[3]}-${match[1]?.padStart(2, "0")}-${match[2]?.padStart(2, "0")}` : text;
}

/** The corrections to send for one segment: only what differs from what was read. */
export function corrections(
  draft: Draft,
  segment: FaxSegmentOut,
  editorOf: (name: string) => Editor,
): Record<string, unknown> {
  const changed = Object.entries(draft[segment.index] ?? {}).filter(
    ([name, text]) => text !== shown(segment.fields[name]?.normal),
  );
  return Object.fromEntries(
    changed.map(([name, text]) => {
      const dated = name.endsWith("_dob") || name.endsWith("_date") ? isoDate(text) : text;
      return [name, normalOf(dated, editorOf(name))];
    }),
  );
}

/** How sure the reading is, as a person needs to know it. */
export function trust(field: FieldOut | undefined): "person" | "sure" | "check" | "doubt" | "none" {
  if (!field) return "none";
  if (field.source === "person") return "person";
  if (field.confidence >= 0.9) return "sure";
  return field.confidence >= 0.7 ? "check" : "doubt";
}
