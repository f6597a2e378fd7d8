import { Badge, Button, Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { MailCheck } from "lucide-react";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useWaitingMessages, WaitingMessages } from "../referrer-messages";
import { LetterCard } from "./letter-card";
import classes from "./letters.module.css";
import { useLetterCounts, useLetters, type View } from "./queries";
import type { LettersTab } from "./search";

const NOTHING: Record<View, string> = {
  review: "No letter waits for a look. Settings say which ones do.",
  failed: "Every letter that should have gone has gone.",
  waiting: "No letter is waiting or on its way.",
  sent: "No letter has arrived yet.",
  answered: "Pages that offices fax back appear here, with what they ticked.",
  all: "Letters are written when a referral, a visit or a discharge is news to the referrer.",
};

/** Letters to referrers and what offices wrote: what waits for a person first. */
export function LettersPage() {
  const { tab = "review" } = useSearch({ from: "/desk/letters" });
  const navigate = useNavigate({ from: "/letters" });
  const counts = useLetterCounts().data;
  const written = useWaitingMessages();
  const tabs: [LettersTab, string, number | undefined][] = [
    ["review", "To review", counts?.review],
    ["failed", "Not sent", counts?.failed],
    ["waiting", "On their way", counts?.waiting],
    ["sent", "Arrived", undefined],
    ["answered", "Answered", undefined],
    ["all", "All", undefined],
    ["messages", "From offices", written],
  ];
  return (
    <div>
      <PageHead title="Letters to referrers" />
      <Tabs
        value={tab}
        onChange={(value) => navigate({ search: { tab: (value ?? undefined) as LettersTab | undefined } })}
        px="lg"
      >
        <Tabs.List>
          {tabs.map(([value, label, count]) => (
            <Tabs.Tab
              key={value}
              value={value}
              rightSection={
                count ? (
                  <Badge size="sm" variant="light" color={value === "failed" ? "red" : "orange"}>
                    {count}
                  </Badge>
                ) : null
              }
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>{tab === "messages" ? <WaitingMessages /> : <Queue view={tab} />}</Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Queue({ view }: { view: View }) {
  const letters = useLetters(view);
  const items = letters.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {letters.isPending && <Loading label="Loading letters" />}
      {letters.isError && <Failed error={letters.error} retry={() => letters.refetch()} />}
      {letters.isSuccess && items.length === 0 && (
        <Empty icon={<MailCheck size={34} color="#0f766e" />} title="Nothing here">
          {NOTHING[view]}
        </Empty>
      )}
      {items.length > 0 && (
        <ul className={`${classes.list} ${classes.queue}`} aria-label="Letters">
          {items.map((letter) => (
            <LetterCard key={letter.id} letter={letter} about />
          ))}
        </ul>
      )}
      {letters.hasNextPage && (
        <Button
          variant="default"
          mb="md"
          loading={letters.isFetchingNextPage}
          onClick={() => letters.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </>
  );
}
