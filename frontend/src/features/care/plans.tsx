import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { PlanCard } from "./plan-card";
import { PlanForm } from "./plan-form";
import type { EpisodeOut } from "./queries";

/** The plans of an episode, the one that counts first; the next one recertifies it. */
export function Plans({ episode, may, zone }: { episode: EpisodeOut; may: boolean; zone: string }) {
  const [writing, setWriting] = useState(false);
  const newest = episode.plans.at(-1);
  const finished = newest === undefined || newest.ready_at !== null;
  return (
    <>
      <Group justify="space-between" mt={12} mb={4}>
        <Text component="h4" size="sm" fw={650} m={0}>
          Plan of care
        </Text>
        {may && episode.state === "active" && finished && !writing && (
          <Button size="compact-xs" variant="subtle" onClick={() => setWriting(true)}>
            {newest ? "Recertify" : "Write the plan"}
          </Button>
        )}
      </Group>
      {writing && <PlanForm episode={episode} onDone={() => setWriting(false)} />}
      {episode.plans.length === 0 && !writing && (
        <Text size="sm" c="dimmed" mb={8}>
          None yet. It is due within 30 days of the evaluation.
        </Text>
      )}
      {[...episode.plans].reverse().map((plan) => (
        <PlanCard key={plan.id} plan={plan} episode={episode} may={may} zone={zone} />
      ))}
    </>
  );
}
