import { AlarmClock, Hourglass, PhoneMissed, Timer } from "lucide-react";
import { useNow } from "../../shared/lib/use-now";
import classes from "./board.module.css";
import { ageOf, ageText } from "./first-contact";
import type { LeadCard } from "./queries";

const ICONS = { fresh: Timer, ageing: Hourglass, late: AlarmClock, tried: PhoneMissed };

/** The first-contact clock on a card: an icon, words and a colour. Nothing once the patient was reached. */
export function AgeLine({ card }: { card: LeadCard }) {
  const now = useNow();
  const age = ageOf(card.first_contact, now);
  // Further on, somebody has evidently talked to the patient, whatever was logged.
  const early = card.stage === "new" || card.stage === "contacted";
  if (age === "reached" || card.next_step === null || (age === "tried" && !early)) return null;
  const Icon = ICONS[age];
  return (
    <span className={classes.age} data-age={age}>
      <Icon size={13} aria-hidden />
      {ageText(card.first_contact, now)}
    </span>
  );
}
