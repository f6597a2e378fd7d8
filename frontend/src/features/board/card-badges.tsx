import classes from "./board.module.css";
import type { LeadCard } from "./queries";

/** What is to know about the lead in a few words each; the colour only repeats what they say. */
export function CardBadges({ badges }: { badges: LeadCard["badges"] }) {
  return badges.map(({ kind, label, tone }) => (
    <span key={`${kind} ${label}`} className={classes.badge} data-kind={kind} data-tone={tone} title={label}>
      {label}
    </span>
  ));
}
