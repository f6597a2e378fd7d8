import { Badge, Button, Group, Menu, Text } from "@mantine/core";
import { Check, ChevronDown, Clock, Minus } from "lucide-react";
import { moment } from "../../shared/lib/format";
import { snoozeTimes } from "../../shared/lib/snooze";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./follow-up.module.css";
import { useFreshLeadSequence, useResume, useSnooze, useStart, useStop } from "./mutations";
import { type EnrollmentOut, type LeadOut, useLeadSequence, useSequences } from "./queries";

const STATES = {
  active: { label: "Going on", color: "teal" },
  snoozed: { label: "Snoozed", color: "yellow" },
  done: { label: "Done", color: "gray" },
  stopped: { label: "Ended", color: "gray" },
};

/** Where the lead is on its way through a sequence: what was done, what comes when, and how to steer it. */
export function LeadFollowUp({ lead }: { lead: LeadOut }) {
  const found = useLeadSequence(lead.id);
  const fresh = useFreshLeadSequence();
  const may = useMay("leads:write");
  useLive((event) => {
    const ours = event.id === lead.id && /^(sequence|lead)\./.test(event.type);
    if (ours || event.type === "resync") fresh(lead.id);
  });
  if (found.isPending) return <Loading label="Loading the follow-up" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const enrollment = found.data.enrollment;
  const open = lead.group === "open" || lead.group === "in_progress";
  return (
    <>
      {enrollment ? (
        <Way enrollment={enrollment} />
      ) : (
        <Text size="sm" c="dimmed" mb={6}>
          No sequence has run for this lead.
        </Text>
      )}
      {may && open && <Steering lead={lead} enrollment={enrollment} />}
    </>
  );
}

function Way({ enrollment }: { enrollment: EnrollmentOut }) {
  const state = STATES[enrollment.state];
  return (
    <>
      <Group gap={8}>
        <Text size="sm" fw={600}>
          {enrollment.name}
        </Text>
        <Badge size="sm" variant="light" color={state.color}>
          {state.label}
        </Badge>
        {enrollment.why && (
          <Text size="xs" c="dimmed">
            {enrollment.why}
          </Text>
        )}
      </Group>
      {enrollment.done.length > 0 && (
        <details className={classes.done}>
          <summary>
            {enrollment.done.length === 1 ? "1 step so far" : `${enrollment.done.length} steps so far`}
          </summary>
          <ol className={classes.path}>
            {enrollment.done.map((step) => (
              <li key={step.position} data-state={step.outcome}>
                {step.outcome === "done" ? (
                  <Check size={15} color="#0f766e" aria-label="Done" />
                ) : (
                  <Minus size={15} aria-label="Passed over" />
                )}
                <Step what={step.what} at={step.at} reason={step.reason} />
              </li>
            ))}
          </ol>
        </details>
      )}
      <ol className={classes.path}>
        {enrollment.coming.map((step) => (
          <li key={step.position} data-state="coming">
            <Clock size={15} color="#56656d" aria-label="Coming" />
            <Step what={step.what} at={step.at} reason={step.reason} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Step({ what, at, reason }: { what: string; at: string; reason: string | null }) {
  return (
    <span>
      {what.charAt(0).toUpperCase() + what.slice(1)}
      <br />
      <span className={classes.when}>
        {moment(at)}
        {reason && ` · ${reason}`}
      </span>
    </span>
  );
}

function Steering({ lead, enrollment }: { lead: LeadOut; enrollment: EnrollmentOut | null }) {
  const path = { lead_id: lead.id };
  const snooze = useSnooze(lead.id);
  const resume = useResume(lead.id);
  const stop = useStop(lead.id);
  const running = enrollment?.state === "active" || enrollment?.state === "snoozed";
  return (
    <Group gap={6} mb={10}>
      {enrollment?.state === "snoozed" && (
        <Button size="compact-xs" variant="light" onClick={() => resume.mutate({ path })}>
          Go on now
        </Button>
      )}
      {running && (
        <Menu position="bottom-start" width={190}>
          <Menu.Target>
            <Button size="compact-xs" variant="light" rightSection={<ChevronDown size={12} />}>
              Snooze
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {snoozeTimes().map(({ label, until }) => (
              <Menu.Item key={label} onClick={() => snooze.mutate({ path, body: { until } })}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {running && (
        <Button
          size="compact-xs"
          variant="light"
          color="red"
          loading={stop.isPending}
          onClick={() => stop.mutate({ path })}
        >
          Stop
        </Button>
      )}
      <Start lead={lead} another={running} />
    </Group>
  );
}

function Start({ lead, another }: { lead: LeadOut; another: boolean }) {
  const sequences = useSequences();
  const start = useStart(lead.id);
  const items = (sequences.data?.items ?? []).filter((sequence) => sequence.active);
  return (
    <Menu position="bottom-start" width={230}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          loading={start.isPending}
          rightSection={<ChevronDown size={12} />}
        >
          {another ? "Start another" : "Start a sequence"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.length === 0 && <Menu.Label>No sequence is switched on.</Menu.Label>}
        {items.map((sequence) => (
          <Menu.Item
            key={sequence.id}
            onClick={() => start.mutate({ path: { lead_id: lead.id }, body: { sequence_id: sequence.id } })}
          >
            {sequence.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
