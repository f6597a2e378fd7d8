import { Button, Group, Switch, Text } from "@mantine/core";
import { MessageSquare, Plus } from "lucide-react";
import { useState } from "react";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { MeasureCard } from "./measure-card";
import { useAsk, useFreshOutcomes } from "./mutations";
import { type ScoreOut, useMeasures, useOutcomes, type Whose } from "./queries";
import { Requests } from "./requests";
import { ScoreEntry } from "./score-entry";
import { nameOf } from "./wording";

/** How the patient of an episode is doing. */
export function EpisodeOutcomes({ episodeId }: { episodeId: string }) {
  return <Outcomes key={episodeId} whose={{ episodeId }} />;
}

/** The same of a lead's episode; before care begins, what the intake form said. */
export function LeadOutcomes({ leadId }: { leadId: string }) {
  return <Outcomes key={leadId} whose={{ leadId }} />;
}

/** Measures with their change, and what was asked by text. */
function Outcomes({ whose }: { whose: Whose }) {
  const [history, setHistory] = useState(false);
  const outcomes = useOutcomes(whose, history);
  const catalog = useMeasures();
  const fresh = useFreshOutcomes();
  const ask = useAsk();
  const mayEnter = useMay("care:write");
  const mayText = useMay("messages:write");
  const [entering, setEntering] = useState<{ old?: ScoreOut } | null>(null);
  useLive((event) => {
    const about = [outcomes.data?.episode_id, outcomes.data?.lead_id, outcomes.data?.patient_id];
    const ours = event.type === "outcomes.changed" && about.includes(event.id);
    if (ours || event.type === "resync") fresh();
  });
  if (outcomes.isPending || catalog.isPending) return <Loading label="Loading outcome scores" />;
  if (outcomes.isError) return <Failed error={outcomes.error} retry={() => outcomes.refetch()} />;
  if (catalog.isError) return <Failed error={catalog.error} retry={() => catalog.refetch()} />;
  const found = outcomes.data;
  const episodeId = found.episode_id;
  const any = found.measures.length > 0;
  return (
    <>
      {!any && (
        <Text size="sm" c="dimmed" mb={6}>
          No outcome score yet. This patient’s problem suggests{" "}
          {found.suggested
            .slice(0, 3)
            .map((one) => nameOf(one))
            .join(", ")}
          .
        </Text>
      )}
      {found.measures.map((measure) => (
        <MeasureCard
          key={`${measure.instrument.key} ${measure.instrument.version}`}
          measure={measure}
          may={mayEnter}
          onCorrect={(old) => setEntering({ old })}
        />
      ))}
      <Group gap={8} mb={4}>
        {mayEnter && (
          <Button size="xs" variant="light" leftSection={<Plus size={14} />} onClick={() => setEntering({})}>
            Enter a score
          </Button>
        )}
        {mayText && episodeId && (
          <Button
            size="xs"
            variant="default"
            leftSection={<MessageSquare size={14} />}
            loading={ask.isPending}
            onClick={() => ask.mutate({ path: { episode_id: episodeId }, body: {} })}
          >
            Ask by text
          </Button>
        )}
        {any && (
          <Switch
            size="xs"
            label="Show corrections"
            checked={history}
            onChange={(event) => setHistory(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Requests requests={found.requests} may={mayText} />
      {any && (
        <Text size="xs" c="dimmed" mt={8}>
          {found.definition}
        </Text>
      )}
      {entering && (
        <ScoreEntry
          found={found}
          instruments={catalog.data.items}
          old={entering.old}
          onClose={() => setEntering(null)}
        />
      )}
    </>
  );
}
