import { Button, Group } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { UnclearNotice } from "../emr-messages";
import { useMay } from "../session";
import classes from "./connections.module.css";
import { type Hl7SenderOut, useHl7Senders } from "./queries";
import { SenderDialog } from "./sender-dialog";
import { senderCounts, senderState } from "./wording";

/** Interfaces of an EMR that send HL7 messages. */
export function Hl7Panel() {
  const senders = useHl7Senders();
  const may = useMay("settings:write");
  const [edited, setEdited] = useState<Hl7SenderOut | "new" | null>(null);
  return (
    <section className={classes.panel} aria-labelledby="hl7-title">
      <h2 id="hl7-title" className={classes.title}>
        HL7
      </h2>
      <p className={classes.about}>
        Your EMR can tell of appointments (SIU S12 to S15, S17, S26) and patients (ADT A04, A08, A40) as they
        change, by HL7 v2 over MLLP. A message is stored before it is acknowledged. Two records the EMR merges
        are shown here to be compared; nothing is merged by itself.
      </p>
      <UnclearNotice />
      {senders.isPending && <Loading label="Loading interfaces" />}
      {senders.isError && <Failed error={senders.error} retry={() => senders.refetch()} />}
      {senders.data?.items.length === 0 && (
        <Empty title="No interface yet">Ask your EMR's support for an outbound SIU and ADT interface.</Empty>
      )}
      <ul className={classes.list}>
        {senders.data?.items.map((sender) => (
          <li key={sender.id} className={classes.item} aria-label={sender.name}>
            <p className={classes.name}>{sender.name}</p>
            <p className={classes.meta}>{senderState(sender)}</p>
            <p className={classes.meta}>{senderCounts(sender)}</p>
            {may && (
              <Group mt="sm">
                <Button size="xs" variant="default" onClick={() => setEdited(sender)}>
                  Change
                </Button>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <Button leftSection={<Plus size={16} />} onClick={() => setEdited("new")}>
          Add an interface
        </Button>
      )}
      {edited && <SenderDialog sender={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </section>
  );
}
