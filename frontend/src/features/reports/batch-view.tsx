import { Badge, Button, Checkbox, Group, Modal, Progress, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ArrowLeft, FileText, Send } from "lucide-react";
import { day } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { type Open, questionOf } from "./card";
import { useChoose, useSendBatch } from "./mutations";
import { type ScorecardCard, underWay, useBatch, useCards } from "./queries";
import classes from "./reports.module.css";
import { SKIPPED, STATES } from "./wording";

interface Props {
  id: string;
  onBack: () => void;
  onOpen: Open;
}

/** A batch before it is sent: what each referrer would read, and who is left out. */
export function BatchView({ id, onBack, onOpen }: Props) {
  const batch = useBatch(id);
  const cards = useCards(id, batch.data !== undefined && batch.data.state !== "preparing");
  const [asking, ask] = useDisclosure();
  const send = useSendBatch();
  const may = useMay("reports:write");
  if (batch.isPending) return <Loading label="Loading the batch" />;
  if (batch.isError) return <Failed error={batch.error} retry={() => batch.refetch()} />;
  const found = batch.data;
  const rows = cards.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="Batch">
      <Group justify="space-between" my="md">
        <Group gap="sm">
          <Button size="xs" variant="subtle" leftSection={<ArrowLeft size={14} />} onClick={onBack}>
            All batches
          </Button>
          <Title order={2} size="h5">
            {day(found.from)} to {day(found.to)}
          </Title>
          <Badge variant="light" color={STATES[found.state].color}>
            {STATES[found.state].label}
          </Badge>
        </Group>
        {may && found.state === "ready" && (
          <Button leftSection={<Send size={16} />} disabled={found.chosen === 0} onClick={ask.open}>
            Send {found.chosen} {found.chosen === 1 ? "scorecard" : "scorecards"}
          </Button>
        )}
      </Group>
      {underWay(found) && (
        <div role="status">
          <Text size="sm" mb={6}>
            {found.state === "preparing"
              ? `${found.cards} written so far`
              : `${found.sent} of ${found.chosen} handed to the letters`}
          </Text>
          <Progress
            value={found.state === "sending" ? (100 * found.sent) / Math.max(1, found.chosen) : 100}
            animated
            aria-label="Progress"
          />
        </div>
      )}
      {found.state !== "preparing" && cards.isPending && <Loading label="Loading the scorecards" />}
      {cards.isError && <Failed error={cards.error} retry={() => cards.refetch()} />}
      {cards.isSuccess && rows.length === 0 && (
        <Empty title="Nobody referred in this period">There is nothing to write.</Empty>
      )}
      {rows.length > 0 && (
        <div className={classes.list}>
          {rows.map((card) => (
            <Line key={card.id} card={card} open={may && found.state === "ready"} onOpen={onOpen} />
          ))}
        </div>
      )}
      {cards.hasNextPage && (
        <Button variant="default" mt="sm" onClick={() => cards.fetchNextPage()}>
          Show more
        </Button>
      )}
      <Modal opened={asking} onClose={ask.close} title="Send these scorecards?" centered>
        <Text size="sm">
          {found.chosen} referrers get their page, each the way they prefer. What is sent cannot be taken
          back.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={ask.close}>
            Not now
          </Button>
          <Button
            loading={send.isPending}
            onClick={() =>
              send.mutate(
                { path: { batch_id: id }, body: { version: found.version } },
                { onSettled: ask.close },
              )
            }
          >
            Send
          </Button>
        </Group>
      </Modal>
    </section>
  );
}

function Line({ card, open, onOpen }: { card: ScorecardCard; open: boolean; onOpen: Open }) {
  const choose = useChoose();
  const { content } = card;
  return (
    <div className={classes.line}>
      <div>
        <Checkbox
          label={content.referrer}
          description={card.skip ? SKIPPED[card.skip] : content.office}
          checked={card.chosen}
          disabled={!open || card.skip !== null}
          onChange={(event) =>
            choose.mutate({
              path: { scorecard_id: card.id },
              body: { chosen: event.currentTarget.checked, version: card.version },
            })
          }
        />
        <ul style={{ margin: "6px 0 0 28px", padding: 0 }}>
          {content.sentences.map((sentence) => (
            <li
              key={sentence.key}
              style={{ color: sentence.said ? undefined : "var(--mantine-color-dimmed)" }}
            >
              <Text size="sm" span>
                {sentence.text}{" "}
              </Text>
              {sentence.said && (
                <button
                  type="button"
                  className={classes.link}
                  aria-label={`Rows of: ${sentence.text}`}
                  onClick={() => onOpen(sentence.metric, undefined, questionOf(sentence.rows_url))}
                >
                  rows
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
      <Button
        component="a"
        size="compact-xs"
        variant="default"
        target="_blank"
        leftSection={<FileText size={13} />}
        aria-label={`Page of ${content.referrer} as PDF`}
        href={`/api/v1/scorecards/${card.id}/document`}
      >
        PDF
      </Button>
    </div>
  );
}
