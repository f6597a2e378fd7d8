import { day } from "../../shared/lib/format";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { BeginCare } from "./begin-care";
import classes from "./care.module.css";
import { EpisodeCare } from "./episode-care";
import { type EpisodeRow, type LeadOut, useEpisodes } from "./queries";
import { problemOf, used } from "./wording";

/** The patient's care: visits, plan of care, discharge. Before the evaluation there is none. */
export function LeadCare({ lead }: { lead: LeadOut }) {
  const episodes = useEpisodes(lead.patient.id);
  useLive((event) => {
    if (event.type === "episode.changed" || event.type === "resync") episodes.refetch();
  });
  if (episodes.isPending) return <Loading label="Loading the care" />;
  if (episodes.isError) return <Failed error={episodes.error} retry={() => episodes.refetch()} />;
  const mine = episodes.data.items.find((row) => row.lead_id === lead.id);
  const others = episodes.data.items.filter((row) => row.id !== mine?.id);
  return (
    <>
      {mine ? <EpisodeCare id={mine.id} /> : <BeginCare lead={lead} />}
      {others.length > 0 && (
        <details className={classes.more}>
          <summary>
            {others.length === 1 ? "1 other course of care" : `${others.length} other courses of care`}
          </summary>
          <ul className={classes.lines}>
            {others.map((row) => (
              <Other key={row.id} row={row} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Other({ row }: { row: EpisodeRow }) {
  const until = row.ended_on ? `to ${day(row.ended_on)}` : "still in care";
  return (
    <li>
      {problemOf(row)}, from {day(row.started_on)} {until}: {used(row.visits.attended ?? 0, null)}
    </li>
  );
}
