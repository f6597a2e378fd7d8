/** The part of a policy its sentence speaks of. */
export interface PolicyWords {
  first_text: "consent_first" | "send" | "off";
  opens: string;
  closes: string;
  sundays: boolean;
  per_day: number;
  per_week: number;
}

/** `9:00 AM` from `09:00`. */
export function clock(time: string): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const half = hour < 12 ? "AM" : "PM";
  return `${hour % 12 || 12}:${String(minute).padStart(2, "0")} ${half}`;
}

/** Times from `from` to `to`, each half hour, as a list to choose from. */
export function halfHours(from: number, to: number): { value: string; label: string }[] {
  return Array.from({ length: (to - from) * 2 + 1 }, (_, index) => {
    const value = `${String(from + Math.floor(index / 2)).padStart(2, "0")}:${index % 2 ? "30" : "00"}`;
    return { value, label: clock(value) };
  });
}

const FIRST = {
  consent_first: "A new patient whose number came by fax gets one text asking for consent",
  send: "A new patient whose number came by fax gets a first text at once, without being asked",
  off: "No patient gets a first text by itself; what people write goes out",
};

/** What the policy does, in one or two sentences. */
export function policySentence(policy: PolicyWords): string {
  const sundays = policy.sundays ? "Sundays included" : "never on Sundays";
  const hours = `between ${clock(policy.opens)} and ${clock(policy.closes)} at the patient's place, ${sundays}`;
  const day = policy.per_day === 1 ? "one text a day" : `${policy.per_day} texts a day`;
  const waits = policy.first_text === "consent_first" ? " Everything else waits for a yes." : "";
  return (
    `${FIRST[policy.first_text]}, ${hours}.${waits} ` +
    `Nobody gets more than ${day} and ${policy.per_week} a week unasked; answers to a patient do not count.`
  );
}
