import { Alert, Button, Group } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./connections.module.css";
import { MailboxDialog } from "./mailbox-dialog";
import { useLookIntoMailbox } from "./mutations";
import { type MailboxOut, useMailboxes } from "./queries";
import { mailboxPlace, mailboxState } from "./wording";

/** Mailboxes whose e-mails become faxes and leads. */
export function MailPanel() {
  const boxes = useMailboxes();
  const may = useMay("settings:write");
  const [edited, setEdited] = useState<MailboxOut | "new" | null>(null);
  return (
    <section className={classes.panel} aria-labelledby="mail-title">
      <h2 id="mail-title" className={classes.title}>
        E-mail
      </h2>
      <p className={classes.about}>
        PDF and TIFF files in e-mails are read like faxes. An e-mail that asks for care becomes a lead; what
        is not clear, or looks like advertising, waits under “To check”. Whatever was taken in is moved to a
        folder of its own.
      </p>
      {boxes.isPending && <Loading label="Loading mailboxes" />}
      {boxes.isError && <Failed error={boxes.error} retry={() => boxes.refetch()} />}
      {boxes.data?.items.length === 0 && (
        <Empty title="No mailbox is read">Add the one referrals go to.</Empty>
      )}
      <ul className={classes.list}>
        {boxes.data?.items.map((box) => (
          <Box key={box.id} box={box} onEdit={may ? () => setEdited(box) : undefined} />
        ))}
      </ul>
      {may && (
        <Button leftSection={<Plus size={16} />} onClick={() => setEdited("new")}>
          Add a mailbox
        </Button>
      )}
      {edited && <MailboxDialog box={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </section>
  );
}

function Box({ box, onEdit }: { box: MailboxOut; onEdit?: () => void }) {
  const look = useLookIntoMailbox();
  return (
    <li className={classes.item} aria-label={box.username}>
      <p className={classes.name}>{box.username}</p>
      <p className={classes.meta}>{mailboxPlace(box)}</p>
      <p className={classes.meta}>{mailboxState(box)}</p>
      {box.active && box.failure && <Alert color="red" mt="xs" p="xs" title={box.failure} />}
      {onEdit && (
        <Group gap="xs" mt="sm">
          <Button size="xs" variant="default" onClick={onEdit}>
            Change
          </Button>
          {box.active && (
            <Button
              size="xs"
              variant="default"
              loading={look.isPending}
              onClick={() => look.mutate({ path: { mailbox_id: box.id } })}
            >
              Look now
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}
