import { Button, Group, Text } from "@mantine/core";
import { Link2Off } from "lucide-react";
import { useState } from "react";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { useFreshLinks, useRevoke, useRevokeAll } from "./mutations";
import classes from "./patient-links.module.css";
import { type LinkOut, useLeadLinks } from "./queries";
import { closable, fate, PURPOSE, way } from "./wording";

const SHOWN = 5;

/** The links this patient was sent, what became of each, and a way to close one that went astray. */
export function LeadLinks({ leadId }: { leadId: string }) {
  const found = useLeadLinks(leadId);
  const fresh = useFreshLinks();
  const may = useMay("messages:write");
  const [all, setAll] = useState(false);
  useLive((event) => {
    if (event.id === leadId || event.type === "resync") fresh();
  });
  if (found.isPending) return <Loading label="Loading the links" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const { items } = found.data;
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No links yet. They go out in texts: to choose a time, fill in the form or send papers.
      </Text>
    );
  return (
    <>
      <ul className={classes.list} aria-label="Links the patient was sent">
        {items.slice(0, all ? items.length : SHOWN).map((link) => (
          <Row key={link.id} link={link} leadId={leadId} may={may} />
        ))}
      </ul>
      <Group gap={8}>
        {items.length > SHOWN && !all && (
          <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
            Show {items.length - SHOWN} older
          </Button>
        )}
        {may && items.filter(closable).length > 1 && <CloseAll leadId={leadId} />}
      </Group>
    </>
  );
}

function Row({ link, leadId, may }: { link: LinkOut; leadId: string; may: boolean }) {
  const revoke = useRevoke(leadId);
  const name = PURPOSE[link.purpose];
  return (
    <li className={classes.link} data-dead={closable(link) ? undefined : true}>
      <div className={classes.facts}>
        <span className={classes.name}>{name}</span> · {fate(link)}
        {way(link) && <div className={classes.way}>{way(link)}</div>}
      </div>
      {may && closable(link) && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={`Close the link: ${name}, ${fate(link)}`}
          loading={revoke.isPending}
          onClick={() => revoke.mutate({ path: { link_id: link.id } })}
        >
          Close
        </Button>
      )}
    </li>
  );
}

/** Asked first: the patient can then only call, until a new link is sent. */
function CloseAll({ leadId }: { leadId: string }) {
  const revoke = useRevokeAll(leadId);
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<Link2Off size={13} />}
        onClick={() => setAsking(true)}
      >
        Close all links
      </Button>
    );
  return (
    <Group gap={8} role="group" aria-label="Close all links">
      <Text size="xs">Nothing opens any more until you send a new link.</Text>
      <Button
        size="compact-xs"
        color="red.9"
        autoFocus
        loading={revoke.isPending}
        onClick={() => revoke.mutate({ path: { lead_id: leadId } }, { onSettled: () => setAsking(false) })}
      >
        Close all
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
        Keep them
      </Button>
    </Group>
  );
}
