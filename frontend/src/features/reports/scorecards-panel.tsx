import { Badge, Button, Group, Text } from "@mantine/core";
import { Files } from "lucide-react";
import { ago, day } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { BatchView } from "./batch-view";
import type { Open } from "./card";
import { usePrepareBatch } from "./mutations";
import { daysOf } from "./periods";
import { type BatchOut, useBatches } from "./queries";
import classes from "./reports.module.css";
import { type ReportsSearch, USUAL } from "./search";
import { STATES } from "./wording";

interface Props {
  batch: string | undefined;
  today: string;
  onChange: (part: Partial<ReportsSearch>) => void;
  onOpen: Open;
}

/** Scorecards of all referrers: prepared each month, looked at here, then sent. */
export function ScorecardsPanel({ batch, today, onChange, onOpen }: Props) {
  const batches = useBatches();
  const prepare = usePrepareBatch();
  const may = useMay("reports:write");
  if (batch) return <BatchView id={batch} onBack={() => onChange({ batch: undefined })} onOpen={onOpen} />;
  const { from, to } = daysOf(USUAL, today);
  return (
    <section aria-label="Batches">
      <Group justify="space-between" my="md">
        <Text size="sm" maw={620}>
          One page per referrer with what their patients got. A batch of the last twelve months is prepared at
          the beginning of each month; nothing is sent before somebody has looked.
        </Text>
        {may && (
          <Button
            leftSection={<Files size={16} />}
            variant="default"
            loading={prepare.isPending}
            onClick={() =>
              prepare.mutate(
                { body: { from, to }, headers: { "Idempotency-Key": crypto.randomUUID() } },
                { onSuccess: (made) => onChange({ batch: made.id }) },
              )
            }
          >
            Prepare now
          </Button>
        )}
      </Group>
      {batches.isPending && <Loading label="Loading batches" />}
      {batches.isError && <Failed error={batches.error} retry={() => batches.refetch()} />}
      {batches.data?.items.length === 0 && (
        <Empty title="No scorecards yet">They are prepared once referrals have come in for a month.</Empty>
      )}
      {batches.data && batches.data.items.length > 0 && (
        <div className={classes.list}>
          {batches.data.items.map((found) => (
            <Line key={found.id} batch={found} onOpen={() => onChange({ batch: found.id })} />
          ))}
        </div>
      )}
    </section>
  );
}

function Line({ batch, onOpen }: { batch: BatchOut; onOpen: () => void }) {
  const state = STATES[batch.state];
  return (
    <div className={classes.line}>
      <div>
        <button type="button" className={classes.link} onClick={onOpen}>
          {day(batch.from)} to {day(batch.to)}
        </button>
        <Text size="xs" c="dimmed">
          {batch.monthly ? "Of the month" : `By ${batch.made_by}`}, {ago(batch.made_at)} · {batch.cards}{" "}
          referrers · {batch.state === "sent" ? `${batch.sent} sent` : `${batch.chosen} would be sent`}
        </Text>
      </div>
      <Badge variant="light" color={state.color}>
        {state.label}
      </Badge>
    </div>
  );
}
