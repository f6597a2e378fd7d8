/** `1 referrer`. */
export const people = (count: number) => (count === 1 ? "1 referrer" : `${count || "no"} referrers`);
