import { Button, SegmentedControl, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { FileInput, Footprints, MailCheck, MessageSquare, StickyNote } from "lucide-react";
import { useState } from "react";
import { day, moment } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { NoteForm } from "./note-form";
import { type ReferrerMoment, type ReferrerProfile, useReferrerTimeline } from "./queries";
import classes from "./referrer.module.css";
import { VisitForm } from "./visit-form";

const ICONS = {
  referral: FileInput,
  letter: MailCheck,
  visit: Footprints,
  note: StickyNote,
  message: MessageSquare,
} satisfies Record<ReferrerMoment["kind"], typeof FileInput>;

/** What passed between us, newest first, and a place to add to it. */
export function ReferrerHistory({ referrer }: { referrer: ReferrerProfile }) {
  const timeline = useReferrerTimeline(referrer.id);
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const may = useMay("referrers:write") && !referrer.merged_into;
  return (
    <div className={classes.card}>
      {may && <Add referrerId={referrer.id} />}
      {timeline.isPending && <Loading />}
      {timeline.isError && <Failed error={timeline.error} retry={() => timeline.refetch()} />}
      {timeline.isSuccess && items.length === 0 && (
        <Empty title="Nothing yet">Referrals, letters, visits and notes appear here.</Empty>
      )}
      <ol className={classes.timeline}>
        {items.map((item) => (
          <Moment key={`${item.kind} ${item.id}`} item={item} />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button
          size="xs"
          variant="subtle"
          loading={timeline.isFetchingNextPage}
          onClick={() => timeline.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </div>
  );
}

function Add({ referrerId }: { referrerId: string }) {
  const [what, setWhat] = useState("note");
  return (
    <div className={classes.add}>
      <SegmentedControl
        size="xs"
        mb={8}
        aria-label="Add"
        data={[
          { value: "note", label: "Note" },
          { value: "visit", label: "Visit" },
        ]}
        value={what}
        onChange={setWhat}
      />
      {what === "note" ? <NoteForm referrerId={referrerId} /> : <VisitForm referrerId={referrerId} />}
    </div>
  );
}

/** A visit has a day, and no hour. */
function when(item: ReferrerMoment): string {
  return item.kind === "visit" ? day(item.at.slice(0, 10)) : moment(item.at);
}

function Moment({ item }: { item: ReferrerMoment }) {
  const Icon = ICONS[item.kind];
  return (
    <li className={classes.moment}>
      <Icon size={17} aria-hidden className={classes.icon} />
      <div>
        <Text size="sm" fw={550}>
          {item.lead_id ? (
            <Link to="/board" search={{ lead: item.lead_id }} className={classes.link}>
              {item.title}
            </Link>
          ) : (
            item.title
          )}
        </Text>
        {item.detail && (
          <Text size="sm" className={classes.detail}>
            {item.detail}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {[when(item), item.by].filter(Boolean).join(" · ")}
        </Text>
      </div>
    </li>
  );
}
