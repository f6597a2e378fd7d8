import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useMay } from "../session";
import { EntryForm } from "./entry-form";
import { useLeadWaitlist } from "./queries";
import classes from "./waitlist.module.css";
import { windowsText } from "./wording";

/** Whether a lead waits for a sooner time, and putting it on the list. */
export function LeadWaitlist({ leadId, locationId }: { leadId: string; locationId: string | null }) {
  const found = useLeadWaitlist(leadId);
  const may = useMay("schedule:write");
  const [adding, setAdding] = useState(false);
  const items = found.data?.items ?? [];
  return (
    <>
      {items.map((entry) => (
        <Text key={entry.id} size="sm" mb={4}>
          On the waitlist for {entry.appointment_type_name}: {windowsText(entry.windows)}
        </Text>
      ))}
      {may && found.isSuccess && items.length === 0 && !adding && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAdding(true)}>
          Add to the waitlist
        </Button>
      )}
      {adding && (
        <section className={classes.adding} aria-label="Add to the waitlist">
          <EntryForm leadId={leadId} locationId={locationId} onDone={() => setAdding(false)} />
        </section>
      )}
    </>
  );
}
