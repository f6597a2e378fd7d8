import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { EpisodeOutcomes } from "../outcomes";
import { EpisodeTasks } from "../tasks";
import classes from "./care.module.css";
import { EpisodeCare } from "./episode-care";
import { useEpisode } from "./queries";

interface Props {
  episodeId: string | null;
  onClose: () => void;
}

/** Care that has no lead, imported or left by a merge: what is due, and everything to do it with. */
export function EpisodeDrawer({ episodeId, onClose }: Props) {
  return (
    <Drawer.Root
      opened={episodeId !== null}
      onClose={() => isOnTop() && onClose()}
      position="right"
      size={540}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label="Care">
        <Drawer.Body p={0}>{episodeId && <Shown id={episodeId} onClose={onClose} />}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Shown({ id, onClose }: { id: string; onClose: () => void }) {
  const episode = useEpisode(id);
  useLive((event) => {
    if ((event.type === "episode.changed" && event.id === id) || event.type === "resync") episode.refetch();
  });
  if (episode.isPending) return <Loading label="Loading the care" />;
  if (episode.isError) return <Failed error={episode.error} retry={() => episode.refetch()} />;
  return (
    <div className={classes.drawer}>
      <div className={classes.drawerHead}>
        <div>
          <h2>{episode.data.patient_name}</h2>
          <p className={classes.quiet}>
            This care has no lead: it was imported, or its lead was merged into another.
          </p>
        </div>
        <button type="button" className={classes.close} onClick={onClose} aria-label="Close">
          ×
        </button>
      </div>
      <Part title="To do">
        <EpisodeTasks episodeId={id} />
      </Part>
      <Part title="Care">
        <EpisodeCare id={id} />
      </Part>
      <Part title="Outcome measures">
        <EpisodeOutcomes episodeId={id} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Escape closes the dialog that was opened last, not all of them. */
function isOnTop(): boolean {
  return document.querySelectorAll('[role="dialog"][aria-modal="true"]').length < 2;
}
