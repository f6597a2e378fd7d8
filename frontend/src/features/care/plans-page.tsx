import { Select } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ClipboardCheck } from "lucide-react";
import { day } from "../../shared/lib/format";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { LeadDrawer } from "../leads";
import { useMe } from "../session";
import classes from "./care.module.css";
import { EpisodeDrawer } from "./episode-drawer";
import { type PlanColumn, type PlanRow, usePlanBoard } from "./queries";
import { type Opened, opened } from "./search";
import { dose, PROGRESS, problemOf, standing } from "./wording";

type Progress = PlanColumn["progress"];

const HINTS: Partial<Record<Progress, string>> = {
  due: "To be written or sent",
  sent: "Silence is assent",
  waiting: "A signature is needed",
  signed: "In the last four weeks",
  overdue: "Past the deadline",
};
const ORDER: Progress[] = ["overdue", "due", "waiting", "sent", "signed"];

/** Every plan of care by how it stands; what is late comes first. */
export function PlansPage() {
  const { location, lead, episode } = useSearch({ from: "/desk/plans-of-care" });
  const navigate = useNavigate({ from: "/plans-of-care" });
  const me = useMe();
  const board = usePlanBoard(location);
  const set = (some: object) => navigate({ search: (before) => ({ ...before, ...some }), replace: true });
  const columns = ORDER.flatMap((name) => board.data?.columns.filter((one) => one.progress === name) ?? []);
  const empty = columns.every((column) => column.count === 0);
  return (
    <>
      <PageHead title="Plans of care">
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
      </PageHead>
      <div className={classes.page}>
        {board.isPending && <Loading label="Loading plans of care" />}
        {board.isError && <Failed error={board.error} retry={() => board.refetch()} />}
        {board.isSuccess && empty && (
          <Empty icon={<ClipboardCheck size={34} color="#0f766e" />} title="No plan of care to look after">
            A plan is due within 30 days of each evaluation. It appears here as soon as a patient is in care.
          </Empty>
        )}
        {board.isSuccess && !empty && (
          <div className={classes.columns}>
            {columns.map((column) => (
              <Column key={column.progress} column={column} open={set} />
            ))}
          </div>
        )}
      </div>
      <LeadDrawer leadId={lead ?? null} onClose={() => set({ lead: undefined })} />
      <EpisodeDrawer episodeId={episode ?? null} onClose={() => set({ episode: undefined })} />
    </>
  );
}

function Column({ column, open }: { column: PlanColumn; open: (what: Opened) => void }) {
  const { label } = PROGRESS[column.progress];
  return (
    <section className={classes.column} aria-label={`${label}, ${column.count}`}>
      <div className={classes.columnHead} data-progress={column.progress}>
        <h2>{label}</h2>
        <span>{column.count}</span>
      </div>
      <p className={classes.hint}>{HINTS[column.progress]}</p>
      <ul className={classes.cards}>
        {column.items.map((row) => (
          <Card key={row.plan?.id ?? row.episode_id} row={row} open={open} />
        ))}
      </ul>
      {column.count > column.items.length && (
        <p className={classes.hint}>The first {column.items.length} are shown.</p>
      )}
    </section>
  );
}

const missing = (row: PlanRow) =>
  row.progress === "overdue"
    ? `No plan yet; it was due ${day(row.due_on)}.`
    : `No plan yet. Write and send it by ${day(row.due_on)}.`;

function Card({ row, open }: { row: PlanRow; open: (what: Opened) => void }) {
  const { plan } = row;
  const inside = (
    <>
      <span className={classes.strong}>{row.patient_name}</span>
      <span className={classes.quiet}>{problemOf(row)}</span>
      {row.referrer_name && <span className={classes.quiet}>Referred by {row.referrer_name}</span>}
      {plan ? (
        <span className={classes.quiet}>
          {plan.kind === "initial" ? "Initial" : "Recertification"}, {dose(plan)}
        </span>
      ) : null}
      <span className={classes.standing} data-tone={row.progress === "overdue" ? "danger" : undefined}>
        {plan ? standing(plan) : missing(row)}
      </span>
    </>
  );
  return (
    <li>
      <button
        type="button"
        className={classes.planCard}
        onClick={() => open(opened(row.lead_id, row.episode_id))}
      >
        {inside}
      </button>
    </li>
  );
}
