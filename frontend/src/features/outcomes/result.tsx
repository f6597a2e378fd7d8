import { Badge, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTryScore } from "./mutations";
import classes from "./outcomes.module.css";
import type { EpisodeOutcomesOut, InstrumentOut } from "./queries";
import { badgesOf, changeWords, figure } from "./wording";

interface Props {
  instrument: InstrumentOut;
  items: (number | null)[];
  found: EpisodeOutcomesOut;
}

const SETTLE_MS = 250;

/** What the answers amount to so far; the server computes it, as it will when they are kept. */
export function Result({ instrument, items, found }: Props) {
  const attempt = useTryScore();
  const { mutate, reset } = attempt;
  const measure = found.measures.find(
    (one) => one.instrument.key === instrument.key && one.instrument.version === instrument.version,
  );
  const baseline = measure?.scores.find((score) => score.id === measure.baseline_id)?.score ?? null;
  const said = items.every((item) => item === null) ? "" : JSON.stringify(items);
  useEffect(() => {
    if (!said) {
      reset();
      return undefined;
    }
    const timer = window.setTimeout(
      () =>
        mutate({
          body: {
            instrument: instrument.key,
            instrument_version: instrument.version,
            items: JSON.parse(said),
            before: baseline,
          },
        }),
      SETTLE_MS,
    );
    return () => window.clearTimeout(timer);
  }, [said, baseline, instrument.key, instrument.version, mutate, reset]);
  const tried = attempt.data;
  return (
    <div className={classes.result} role="status" aria-live="polite">
      {!tried || !said ? (
        <Text size="sm" c="dimmed">
          The score appears here. {instrument.higher_better ? "Higher" : "Lower"} is better.
        </Text>
      ) : tried.score === null ? (
        <Text size="sm">No score yet: {tried.null_explained}</Text>
      ) : (
        <Group gap={8}>
          <span className={classes.now}>{figure(tried.score)}</span>
          {tried.change && (
            <>
              <Text size="sm">{changeWords(tried.change)} than at the beginning</Text>
              {badgesOf(tried.change, instrument).map((badge) => (
                <Badge key={badge.text} color={badge.color} variant="light" title={badge.why}>
                  {badge.text}
                </Badge>
              ))}
            </>
          )}
        </Group>
      )}
    </div>
  );
}
