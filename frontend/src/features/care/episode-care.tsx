import { Badge, Button, Group } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { day } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay, useMe } from "../session";
import classes from "./care.module.css";
import { DischargeDialog } from "./discharge-dialog";
import { EpisodeFacts } from "./episode-facts";
import { useReopenEpisode, useReport } from "./mutations";
import { Plans } from "./plans";
import { type EpisodeOut, useEpisode } from "./queries";
import { Visits } from "./visits";
import { missed, problemOf, REASONS, used } from "./wording";

const REPORT_AT = 9;
const REPORT_EVERY = 10;

/** One course of care with everything that can be done for it. */
export function EpisodeCare({ id }: { id: string }) {
  const episode = useEpisode(id);
  if (episode.isPending) return <Loading label="Loading the care" />;
  if (episode.isError) return <Failed error={episode.error} retry={() => episode.refetch()} />;
  return <Care episode={episode.data} />;
}

function Care({ episode }: { episode: EpisodeOut }) {
  const me = useMe();
  const may = useMay("care:write");
  const zone =
    me.locations.find((place) => place.id === episode.location_id)?.timezone ?? me.practice.timezone;
  return (
    <>
      <Head episode={episode} may={may} />
      <Report episode={episode} may={may} />
      <Visits episode={episode} zone={zone} may={may} />
      <Plans episode={episode} may={may} zone={zone} />
    </>
  );
}

function Head({ episode, may }: { episode: EpisodeOut; may: boolean }) {
  const [asking, setAsking] = useState<"discharge" | "facts" | null>(null);
  const reopen = useReopenEpisode();
  const active = episode.state === "active";
  const planned = episode.plan ? episode.plan.frequency_per_week * episode.plan.duration_weeks : null;
  const attended = episode.visits.attended ?? 0;
  const ended = episode.discharge_reason && `${REASONS[episode.discharge_reason]}, ${day(episode.ended_on)}`;
  const facts = [
    `Since ${day(episode.started_on)}`,
    episode.surgery_date && `surgery ${day(episode.surgery_date)}`,
    missed(episode.visits),
  ];
  return (
    <article className={classes.card} aria-label="Episode of care" data-past={active ? undefined : true}>
      <div className={classes.head}>
        <span className={classes.strong}>{problemOf(episode)}</span>
        <Badge variant="light" color={active ? "teal" : "gray"}>
          {active ? "In care" : "Discharged"}
        </Badge>
      </div>
      <p className={classes.quiet}>{facts.filter(Boolean).join(" · ")}</p>
      <p className={classes.used}>
        <strong>{used(attended, planned)}</strong>
        {ended && <span> · {ended}</span>}
      </p>
      {planned !== null && (
        <div className={classes.bar} data-full={attended > planned || undefined} aria-hidden>
          <span style={{ width: `${Math.min(100, (100 * attended) / planned)}%` }} />
        </div>
      )}
      {episode.discharge_note && <p className={classes.quiet}>{episode.discharge_note}</p>}
      {may && (
        <Group gap={8} mt={10}>
          {active ? (
            <Button size="compact-sm" variant="light" onClick={() => setAsking("discharge")}>
              Discharge…
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="light"
              loading={reopen.isPending}
              onClick={() =>
                reopen.mutate({ path: { episode_id: episode.id }, body: { version: episode.version } })
              }
            >
              Reopen
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={asking === "facts"}
            onClick={() => setAsking(asking === "facts" ? null : "facts")}
          >
            Edit facts
          </Button>
        </Group>
      )}
      {asking === "facts" && <EpisodeFacts episode={episode} onDone={() => setAsking(null)} />}
      {asking === "discharge" && <DischargeDialog episode={episode} onClose={() => setAsking(null)} />}
    </article>
  );
}

/** Every tenth treatment day asks for a progress report. */
function Report({ episode, may }: { episode: EpisodeOut; may: boolean }) {
  const report = useReport();
  const since = episode.visits.since_report ?? 0;
  if (episode.state !== "active" || since < REPORT_AT) return null;
  return (
    <div className={classes.notice} data-tone={since > REPORT_EVERY ? "danger" : undefined} role="note">
      <TriangleAlert size={16} aria-hidden />
      <span>
        Progress report: treatment day {since} since the last; due at every tenth.
        {may && (
          <Button
            size="compact-xs"
            ml={8}
            variant="light"
            loading={report.isPending}
            onClick={() => report.mutate({ path: { episode_id: episode.id }, body: {} })}
          >
            Written today
          </Button>
        )}
      </span>
    </div>
  );
}
