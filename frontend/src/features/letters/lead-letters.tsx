import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { LeadMessages } from "../referrer-messages";
import { useMay } from "../session";
import { LetterCard } from "./letter-card";
import classes from "./letters.module.css";
import { MissingInfo } from "./missing-info";
import { useLeadLetters } from "./queries";

/** What the referrer was told about this lead, and asking them for what is missing. */
export function LeadLetters({ leadId }: { leadId: string }) {
  const letters = useLeadLetters(leadId);
  const may = useMay("letters:write");
  const [asking, setAsking] = useState(false);
  if (letters.isPending) return <Loading label="Loading the letters" />;
  if (letters.isError) return <Failed error={letters.error} retry={() => letters.refetch()} />;
  const { items } = letters.data;
  return (
    <>
      {may && !asking && (
        <Button size="compact-xs" variant="light" mb={6} onClick={() => setAsking(true)}>
          Ask for what is missing
        </Button>
      )}
      <LeadMessages leadId={leadId} />
      {asking && <MissingInfo leadId={leadId} onDone={() => setAsking(false)} />}
      {items.length === 0 ? (
        <Text size="sm" c="dimmed" mb={8}>
          No letters yet. They are written when a referral, a visit or a discharge is news to the referrer.
        </Text>
      ) : (
        <ul className={classes.list} aria-label="Letters to the referrer">
          {items.map((letter) => (
            <LetterCard key={letter.id} letter={letter} />
          ))}
        </ul>
      )}
    </>
  );
}
