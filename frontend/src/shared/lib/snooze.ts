/** When a task put off comes back: in an hour, this afternoon, tomorrow morning, next Monday. */
export function snoozeTimes(now = new Date()): { label: string; until: string }[] {
  const hour = new Date(now.getTime() + 3_600_000);
  const afternoon = at(now, 0, 15);
  const tomorrow = at(now, 1, 9);
  const monday = at(now, (8 - now.getDay()) % 7 || 7, 9);
  return [
    { label: "In an hour", date: hour },
    ...(afternoon > hour ? [{ label: "This afternoon", date: afternoon }] : []),
    { label: "Tomorrow morning", date: tomorrow },
    { label: "Next Monday", date: monday },
  ].map(({ label, date }) => ({ label, until: date.toISOString() }));
}

function at(from: Date, days: number, hours: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, hours);
}
