import { Badge, Button, Chip, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { HeartPulse, Search } from "lucide-react";
import { day } from "../../shared/lib/format";
import { momentIn } from "../../shared/lib/zones";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { LeadDrawer } from "../leads";
import { useMe } from "../session";
import classes from "./care.module.css";
import { EpisodeDrawer } from "./episode-drawer";
import { type InCareRow, useInCare } from "./queries";
import { type Opened, opened } from "./search";
import { PROGRESS, problemOf, used } from "./wording";

/** Everybody in care: what was, what comes, and what needs a look. */
export function InCarePage() {
  const { location, unbooked, q, lead, episode } = useSearch({ from: "/desk/in-care" });
  const navigate = useNavigate({ from: "/in-care" });
  const me = useMe();
  const query = { location_id: location, unbooked: unbooked || undefined, q };
  const found = useInCare(query);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (some: object) => navigate({ search: (before) => ({ ...before, ...some }), replace: true });
  const find = useDebouncedCallback((text: string) => set({ q: text || undefined }), 250);
  const filtered = Boolean(q || unbooked || location);
  return (
    <>
      <PageHead title="In care">
        <TextInput
          size="xs"
          w={180}
          aria-label="Find a patient in care"
          placeholder="Patient"
          leftSection={<Search size={14} />}
          defaultValue={q ?? ""}
          onChange={(event) => find(event.currentTarget.value)}
        />
        {me.locations.length > 1 && (
          <Select
            size="xs"
            w={160}
            aria-label="Clinic"
            placeholder="All clinics"
            clearable
            data={me.locations.map((place) => ({ value: place.id, label: place.name }))}
            value={location ?? null}
            onChange={(value) => set({ location: value ?? undefined })}
          />
        )}
        <Chip
          size="xs"
          checked={unbooked ?? false}
          onChange={(checked) => set({ unbooked: checked || undefined })}
        >
          No visit booked
        </Chip>
      </PageHead>
      <div className={classes.page}>
        {found.isPending && <Loading label="Loading patients in care" />}
        {found.isError && <Failed error={found.error} retry={() => found.refetch()} />}
        {found.isSuccess && items.length === 0 && (
          <Empty
            icon={<HeartPulse size={34} color="#0f766e" />}
            title={filtered ? "Nobody like that is in care" : "Nobody is in care yet"}
          >
            {filtered
              ? "Try without the filters."
              : "A patient is in care from the evaluation they attended until their discharge."}
          </Empty>
        )}
        {items.length > 0 && (
          <ul className={classes.list} aria-label="Patients in care">
            {items.map((row) => (
              <Row key={row.episode.id} row={row} open={set} />
            ))}
          </ul>
        )}
        {found.hasNextPage && (
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
      <LeadDrawer leadId={lead ?? null} onClose={() => set({ lead: undefined })} />
      <EpisodeDrawer episodeId={episode ?? null} onClose={() => set({ episode: undefined })} />
    </>
  );
}

function Row({ row, open }: { row: InCareRow; open: (what: Opened) => void }) {
  const me = useMe();
  const { episode } = row;
  const place = me.locations.find((one) => one.id === episode.location_id);
  const zone = place?.timezone ?? me.practice.timezone;
  const progress = episode.plan && PROGRESS[episode.plan.progress];
  const attended = episode.visits.attended ?? 0;
  const inside = (
    <>
      <span className={classes.who}>
        <span className={classes.strong}>{episode.patient_name}</span>
        <span className={classes.quiet}>{problemOf(episode)}</span>
      </span>
      <span className={classes.count}>
        {used(attended, row.planned)}
        {row.planned !== null && (
          <span className={classes.bar} data-full={attended > row.planned || undefined} aria-hidden>
            <span style={{ width: `${Math.min(100, (100 * attended) / row.planned)}%` }} />
          </span>
        )}
      </span>
      <span className={classes.dates}>
        <span>
          <span className={classes.label}>Last</span> {day(episode.last_visit_on) || "none yet"}
        </span>
        <span>
          <span className={classes.label}>Next</span>{" "}
          {row.next_visit_at ? momentIn(zone, row.next_visit_at) : "none booked"}
        </span>
      </span>
      <span className={classes.alerts}>
        {row.alerts.map((alert) => (
          <span key={alert.kind} className={classes.alert} data-tone={alert.tone}>
            {alert.label}
          </span>
        ))}
        {row.alerts.length === 0 && progress && (
          <Badge variant="light" color={progress.color}>
            Plan {progress.label.toLowerCase()}
          </Badge>
        )}
      </span>
    </>
  );
  return (
    <li>
      <button type="button" className={classes.row} onClick={() => open(opened(episode.lead_id, episode.id))}>
        {inside}
      </button>
    </li>
  );
}
