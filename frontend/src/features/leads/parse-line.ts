/** What one line says: `Ada Brown 217 555 0142 4/9/61 medicare right knee Dr Silva`. */
export interface Parsed {
  first: string;
  last: string;
  phone: string;
  dob: string;
  email: string;
  payer: string;
  reason: string;
  referrer: string;
  source: "phone" | "walk_in" | "";
  urgency: "routine" | "urgent" | "stat" | "";
  note: string;
}

const PARTS: [RegExp, string][] = [
  [/\b(?:low(?:er)?\s+back|lumbar|lumbago|sciatica|espalda baja|back|espalda)\b/i, "lumbar spine"],
  [/\b(?:neck|cervical|cuello)\b/i, "cervical spine"],
  [/\b(?:thoracic|mid(?:dle)?\s+back)\b/i, "thoracic spine"],
  [/\b(?:shoulder|rotator cuff|hombro)\b/i, "shoulder"],
  [/\b(?:knee|acl|rodilla)\b/i, "knee"],
  [/\b(?:hip|cadera)\b/i, "hip"],
  [/\b(?:ankle|achilles|tobillo)\b/i, "ankle"],
  [/\b(?:foot|heel|plantar fasciitis|pie)\b/i, "foot"],
  [/\b(?:elbow|codo)\b/i, "elbow"],
  [/\b(?:wrist|muñeca)\b/i, "wrist"],
  [/\b(?:hand|finger|mano)\b/i, "hand"],
  [/\b(?:jaw|tmj)\b/i, "jaw"],
  [/\bpelvic floor\b/i, "pelvic floor"],
  [/\b(?:vestibular|dizz\w*|vertigo)\b/i, "vestibular"],
  [/\b(?:gait|balance|falls)\b/i, "gait"],
];
const SIDES: [RegExp, "left" | "right" | "bilateral"][] = [
  [/\b(?:bilateral|both)\b/i, "bilateral"],
  [/\b(?:left|lt|izq\w*)\b/i, "left"],
  [/\b(?:right|rt|der(?:echa|echo)?)\b/i, "right"],
];
const PAYERS: [RegExp, string][] = [
  [/\bmedicare\b/i, "Medicare"],
  [/\bmedicaid\b/i, "Medicaid"],
  [/\baetna\b/i, "Aetna"],
  [/\bcigna\b/i, "Cigna"],
  [/\bhumana\b/i, "Humana"],
  [/\btricare\b/i, "Tricare"],
  [/\banthem\b/i, "Anthem"],
  [/\b(?:bcbs|blue\s*cross(?:\s*blue\s*shield)?)\b/i, "Blue Cross Blue Shield"],
  [/\b(?:uhc|united\s*health\s*care)\b/i, "UnitedHealthcare"],
  [/\bwork(?:er'?s?|men'?s)?\s*comp(?:ensation)?\b/i, "Workers' compensation"],
  [/\b(?:self[\s-]?pay|cash)\b/i, "Self-pay"],
];
const EMAIL = /[^\s@,;]+@[^\s@,;]+\.[a-z]{2,}/i;
const PHONE = /(?:\+?1[\s.-]*)?\(?\b\d{3}\)?[\s.-]*\d{3}[\s.-]*\d{4}\b/;
const DATE = /\b(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2}))\b/;
const REFERRER =
  /\b(?:ref(?:erred)?\.?\s+(?:by|from)\s+)?(?:dr|dra|doctor)\b\.?\s+(\p{L}[\p{L}'’-]*(?:\s+(?=\p{Lu})\p{L}[\p{L}'’-]*)?)/iu;
const PARTICLE = new Set([
  "de",
  "del",
  "la",
  "las",
  "los",
  "van",
  "von",
  "der",
  "den",
  "di",
  "da",
  "st",
  "mc",
  "san",
]);

/** Body part and side named in a few words, as the API names them. */
export function partOf(text: string): { body_part?: string; side?: "left" | "right" | "bilateral" } {
  const part = PARTS.find(([pattern]) => pattern.test(text))?.[1];
  const side = SIDES.find(([pattern]) => pattern.test(text))?.[1];
  return part ? { body_part: part, side } : {};
}

export function parseLine(line: string, today = new Date()): Parsed {
  let left = ` ${line} `;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(left);
    // A bar keeps what stood before and after from growing into one name.
    if (match) left = `${left.slice(0, match.index)} | ${left.slice(match.index + match[0].length)}`;
    return match;
  };
  const email = take(EMAIL)?.[0] ?? "";
  const date = DATE.exec(left);
  const dob = date ? isoDate(date, today) : "";
  if (dob) take(DATE);
  const phone = take(PHONE)?.[0].trim() ?? "";
  const referrer = take(REFERRER)?.[1] ?? "";
  const payer = PAYERS.find(([pattern]) => take(pattern))?.[1] ?? "";
  const source = take(/\bwalk(?:ed|s)?[\s-]?in\b/i) ? "walk_in" : "";
  const urgency = take(/\bstat\b/i) ? "stat" : take(/\burgent\b/i) ? "urgent" : "";
  const side = takeFirst(SIDES, take);
  const part = takeFirst(PARTS, take);
  const { first, last, note } = namesOf(left);
  const reason = capital([side, part].filter(Boolean).join(" "));
  return {
    first,
    last,
    phone,
    dob,
    email,
    payer,
    reason,
    source,
    urgency,
    note,
    referrer: referrer ? `Dr ${properly(referrer)}` : "",
  };
}

function takeFirst(patterns: [RegExp, string][], take: (pattern: RegExp) => RegExpExecArray | null): string {
  for (const [pattern] of patterns) {
    const match = take(pattern);
    if (match) return match[0].toLowerCase();
  }
  return "";
}

/** The words before anything else are the name, `Brown, Ada` too; what is left over is a note. */
function namesOf(left: string): { first: string; last: string; note: string } {
  const parts = left
    .split("|")
    .map((part) => part.trim())
    .filter((part) => /[\p{L}\d]/u.test(part));
  const head = parts[0] ?? "";
  const rest = parts.slice(1);
  const comma = /^([\p{L}'’. -]+),\s*([\p{L}'’.-]+)(.*)$/u.exec(head);
  if (comma) {
    return {
      first: properly(comma[2] ?? ""),
      last: properly(comma[1] ?? ""),
      note: joined([comma[3] ?? "", ...rest]),
    };
  }
  const words = head.split(/[\s,]+/).filter(Boolean);
  const first = words[0] ?? "";
  let end = 1;
  while (end < words.length - 1 && PARTICLE.has((words[end] ?? "").toLowerCase())) end += 1;
  const last = words.slice(1, end + 1).join(" ");
  return {
    first: properly(first),
    last: properly(last),
    note: joined([words.slice(end + 1).join(" "), ...rest]),
  };
}

const joined = (parts: string[]): string =>
  parts
    .map((part) => part.replace(/^[\s,;.]+|[\s,;]+$/g, ""))
    .filter(Boolean)
    .join("; ");

/** Capitals where none were typed; names written with care stay as they are. */
function properly(name: string): string {
  const text = name.trim().replace(/\s+/g, " ");
  if (text !== text.toLowerCase()) return text;
  return text.replace(
    /(^|[\s'’-])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function isoDate(match: RegExpExecArray, today: Date): string {
  const [, y1, m1, d1, m2, d2, y2] = match;
  const month = Number(m1 ?? m2);
  const date = Number(d1 ?? d2);
  let year = Number(y1 ?? y2);
  if ((y1 ?? y2)?.length === 2) year += year > today.getFullYear() % 100 ? 1900 : 2000;
  const found = new Date(year, month - 1, date);
  const real = found.getMonth() === month - 1 && found.getDate() === date && year >= 1900 && found <= today;
  return real ? `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}` : "";
}
