import type { Language } from "../words/language";

export type Part = "morning" | "afternoon" | "evening";

/** `Tuesday, December 1` of a local date. */
export function dayInWords(date: string, language: Language): string {
  return inWords(new Date(`${date}T12:00:00Z`), language, "UTC", {
    weekday: "long",
    month: "long",
    day: "numeric",
  });
}

/** `9:00 AM`, with the zone where the phone is in another one. */
export function timeInWords(moment: string, language: Language, timezone: string): string {
  const elsewhere = offset(moment, timezone) !== offset(moment);
  return inWords(new Date(moment), language, timezone, {
    hour: "numeric",
    minute: "2-digit",
    ...(elsewhere && { timeZoneName: "short" }),
  });
}

/** `Tuesday, December 1, 9:00 AM`. */
export function momentInWords(moment: string, language: Language, timezone: string): string {
  const day = inWords(new Date(moment), language, timezone, {
    weekday: "long",
    month: "long",
    day: "numeric",
  });
  return `${day}, ${timeInWords(moment, language, timezone)}`;
}

/** Morning, afternoon or evening at the clinic. */
export function partOf(moment: string, timezone: string): Part {
  const hour = Number(
    new Intl.DateTimeFormat("en", { hour: "2-digit", hourCycle: "h23", timeZone: timezone }).format(
      new Date(moment),
    ),
  );
  if (hour < 12) return "morning";
  return hour < 17 ? "afternoon" : "evening";
}

function inWords(
  moment: Date,
  language: Language,
  timezone: string,
  parts: Intl.DateTimeFormatOptions,
): string {
  const place = language === "es" ? "es-US" : "en-US";
  return new Intl.DateTimeFormat(place, { timeZone: timezone, ...parts }).format(moment);
}

function offset(moment: string, timezone?: string): string {
  return new Intl.DateTimeFormat("en-US", {
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
    day: "numeric",
    timeZone: timezone,
  }).format(new Date(moment));
}
