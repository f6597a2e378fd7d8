import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { day, phone } from "../../shared/lib/format";
import { fullName, type SomebodyIn, usePeopleLike } from "../duplicates";
import type { Draft } from "./lead-draft";
import classes from "./new-lead.module.css";

/** Only what the server would take: a half-typed number or date is nothing yet. */
function somebody(draft: Draft): SomebodyIn {
  const digits = draft.phone.replace(/\D/g, "");
  return {
    first_name: draft.first.trim() || undefined,
    last_name: draft.last.trim() || undefined,
    dob: /^(19|20)\d\d-\d\d-\d\d$/.test(draft.dob) ? draft.dob : undefined,
    phone: digits.length >= 10 && digits.length <= 11 ? draft.phone : undefined,
    email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(draft.email) ? draft.email : undefined,
  };
}

interface Props {
  draft: Draft;
  onOpen: (leadId: string) => void;
}

/** While somebody is typed in: who they may be already. */
export function PeopleLike({ draft, onOpen }: Props) {
  const [asked] = useDebouncedValue(somebody(draft), 350);
  const found = usePeopleLike(asked);
  const items = (found.data?.items ?? []).slice(0, 4);
  return (
    <div aria-live="polite">
      {items.length > 0 && (
        <section className={classes.like} aria-label="Known already?">
          <p className={classes.likeHead}>Known already?</p>
          <ul>
            {items.map((item) => (
              <li key={item.lead_id}>
                <span>
                  <strong>{fullName(item.patient)}</strong>
                  {item.patient.dob && `, ${day(item.patient.dob)}`}
                  {item.patient.phone && `, ${phone(item.patient.phone)}`} · {item.stage_name}
                  <span className={classes.quiet}> {item.score?.words}</span>
                </span>
                <Button size="compact-xs" variant="default" onClick={() => onOpen(item.lead_id)}>
                  Open
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
