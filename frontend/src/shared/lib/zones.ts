/** Times as the clock on a clinic's wall shows them, wherever the browser is. Days are ISO: `2026-11-25`. */

const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options });
    formats.set(key, found);
  }
  return found;
}

const WALL: Intl.DateTimeFormatOptions = {
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
};

/** The local day and the minutes on the clock. */
export function wall(zone: string, at: number): { day: string; minutes: number } {
  const part: Record<string, string> = {};
  for (const { type, value } of format(zone, "wall", WALL).formatToParts(at)) part[type] = value;
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    minutes: Number(part.hour) * 60 + Number(part.minute),
  };
}

function utc(day: string, minutes: number): number {
  return Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
}

function offset(zone: string, at: number): number {
  const local = wall(zone, at);
  return utc(local.day, local.minutes) - Math.floor(at / MINUTE) * MINUTE;
}

/** The moment at which the clock shows this. A time that is skipped is the one after it; of two, the first. */
export function instant(zone: string, day: string, minutes: number): number {
  const wanted = utc(day, minutes);
  // The zone's offset a day before and after covers any change in between.
  const before = wanted - offset(zone, wanted - 24 * 60 * MINUTE);
  const after = wanted - offset(zone, wanted + 24 * 60 * MINUTE);
  const fits = [before, after].filter((at) => at + offset(zone, at) === wanted);
  return fits.length > 0 ? Math.min(...fits) : Math.max(before, after);
}

/** So many days later. */
export function dayAfter(day: string, days = 1): string {
  return new Date(utc(day, days * 24 * 60)).toISOString().slice(0, 10);
}

/** 0 is Monday. */
export function weekday(day: string): number {
  return (new Date(utc(day, 0)).getUTCDay() + 6) % 7;
}

/** Monday to Sunday around a day. */
export function weekOf(day: string): string[] {
  const monday = dayAfter(day, -weekday(day));
  return [0, 1, 2, 3, 4, 5, 6].map((later) => dayAfter(monday, later));
}

/** `9:30 AM` on the clinic's wall. */
export function timeIn(zone: string, at: number | string): string {
  return format(zone, "time", { hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** `Tue, Nov 24, 9:30 AM` on the clinic's wall. */
export function momentIn(zone: string, at: number | string): string {
  return format(zone, "moment", {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(at));
}

/** A day in words. */
export function dayText(day: string, options: Intl.DateTimeFormatOptions): string {
  return format("UTC", JSON.stringify(options), options).format(utc(day, 0));
}

/** `Tue, Nov 24`. */
export const shortDay = (day: string) => dayText(day, { weekday: "short", month: "short", day: "numeric" });

/** `Tuesday, November 24`. */
export const longDay = (day: string) => dayText(day, { weekday: "long", month: "long", day: "numeric" });

/** `Central Time`. */
export function zoneName(zone: string, at = Date.now()): string {
  const parts = format(zone, "name", { timeZoneName: "longGeneric" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** Whether the browser's clock shows something else at this moment. */
export function differsHere(zone: string, at = Date.now()): boolean {
  return offset(zone, at) !== -new Date(at).getTimezoneOffset() * MINUTE;
}

/** `90` → `1 h 30 min`. */
export function minutesText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours ? `${hours} h` : "", rest || !hours ? `${rest} min` : ""].filter(Boolean).join(" ");
}
