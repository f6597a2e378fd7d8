/** `Apr 9, 1961` from an ISO day, without moving it through time zones. */
export function day(value: string): string {
  const [year, month, date] = value.split("-").map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, date ?? 1).toLocaleDateString("en-US", {
    month: "short",
    day: "numeric",
    year: "numeric",
  });
}

/** The same for a moment, where the reader is. */
export function dayOf(moment: string): string {
  return new Date(moment).toLocaleDateString("en-US", { month: "short", day: "numeric", year: "numeric" });
}

/** Today where the reader is, as a date field wants it. */
export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const PROBLEMS: Record<string, string> = {
  "link-not-usable": "This link does not work any more. Ask the practice that sent it for a new one.",
  "page-closed": "For your patients’ safety this page has closed. Open the link you were sent again.",
  "other-page": "Another page was opened in this browser. Open the link you were sent again.",
  "check-first": "Open the link you were sent again.",
  "slow-down": "Too many tries. Wait a minute, then try again.",
  "unknown-file": "That file is not a PDF, TIFF, JPEG or PNG.",
  "too-large": "That file is larger than 25 MB. Send fewer pages at once, or fax it.",
  "stale-version": "This plan was changed meanwhile. Read it again before you sign.",
  conflict: "This is signed already.",
  invalid: "Please check what you entered.",
  unreachable: "The practice could not be reached. Check your connection and try again.",
};

/** What went wrong, in words. */
export function problemInWords(type: string): string {
  return PROBLEMS[type] ?? "That did not work. Try again, or call the practice.";
}

/** Whether the page can not go on after this. */
export function isFinal(type: string): boolean {
  return ["link-not-usable", "page-closed", "other-page", "check-first"].indexOf(type) >= 0;
}
