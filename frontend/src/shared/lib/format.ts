/** `(312) 555-0142` from E.164; anything else stays as it is. */
export function phone(value: string | null | undefined): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(value ?? "");
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : (value ?? "");
}

/** `Apr 9, 1961` from an ISO day, without moving it through time zones. */
export function day(value: string | null | undefined): string {
  if (!value) return "";
  const [year, month, date] = value.split("-").map(Number);
  if (!year || !month || !date) return value;
  return new Date(year, month - 1, date).toLocaleDateString("en-US", {
    month: "short",
    day: "numeric",
    year: "numeric",
  });
}

/** Completed years. */
export function age(dob: string | null | undefined, today = new Date()): number | null {
  const [year, month, date] = (dob ?? "").split("-").map(Number);
  if (!year || !month || !date) return null;
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < date);
  return today.getFullYear() - year - (before ? 1 : 0);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `5 min`, `3 h`, `2 d`: how long between two moments. */
export function span(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < MINUTE) return "now";
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  if (size < DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} d`;
}

/** `due in 2 h`, `3 h overdue`, `due now`. */
export function due(at: string, now = Date.now()): string {
  const left = new Date(at).getTime() - now;
  if (Math.abs(left) < MINUTE) return "due now";
  return left < 0 ? `${span(left)} overdue` : `due in ${span(left)}`;
}

/** `5 min ago`. */
export function ago(at: string, now = Date.now()): string {
  const text = span(now - new Date(at).getTime());
  return text === "now" ? "just now" : `${text} ago`;
}

/** `Tue, Nov 24, 9:14 AM`. */
export function moment(at: string): string {
  return new Date(at).toLocaleString("en-US", {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

/** `9:14 AM`. */
export function time(at: string): string {
  return new Date(at).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
}

/** `referral_order` → `Referral order`. */
export function words(code: string): string {
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Two letters for an avatar. */
export function initials(name: string): string {
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? (parts.at(-1)?.[0] ?? "") : "")).toUpperCase();
}
