import { Drawer } from "@mantine/core";
import { lazy, Suspense, useEffect } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useLead } from "./queries";

// The board is there before what a lead holds is loaded; then that comes at once, so that a click finds it.
const content = () => import("./lead-view");
const LeadView = lazy(content);

interface Props {
  leadId: string | null;
  onClose: () => void;
}

/** Everything about one lead, beside the board. */
export function LeadDrawer({ leadId, onClose }: Props) {
  useEffect(() => {
    content().catch(() => undefined);
  }, []);
  return (
    <Drawer.Root opened={leadId !== null} onClose={() => isOnTop() && onClose()} position="right" size={540}>
      <Drawer.Overlay />
      <Drawer.Content aria-label="Lead">
        <Drawer.Body p={0}>{leadId && <LeadLoader id={leadId} onClose={onClose} />}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Escape closes the dialog that was opened last, not all of them. */
function isOnTop(): boolean {
  return document.querySelectorAll('[role="dialog"][aria-modal="true"]').length < 2;
}

function LeadLoader({ id, onClose }: { id: string; onClose: () => void }) {
  const lead = useLead(id);
  if (lead.isPending) return <Loading label="Loading the lead" />;
  if (lead.isError) return <Failed error={lead.error} retry={() => lead.refetch()} />;
  return (
    <Suspense fallback={<Loading label="Loading the lead" />}>
      <LeadView lead={lead.data} onClose={onClose} />
    </Suspense>
  );
}
