import { Anchor, Badge, Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import { day, moment } from "../../shared/lib/format";
import { wall } from "../../shared/lib/zones";
import classes from "./care.module.css";
import {
  useChangePlan,
  useDeletePlan,
  useReadyPlan,
  useSentPlan,
  useSignedPlan,
  useUnsignedPlan,
} from "./mutations";
import { PlanForm } from "./plan-form";
import { type EpisodeOut, type PlanOut, signatureOf } from "./queries";
import { dose, PROGRESS, standing } from "./wording";

interface Props {
  plan: PlanOut;
  episode: EpisodeOut;
  may: boolean;
  zone: string;
}

/** One plan: how it stands, what to do next, and its contents. */
export function PlanCard({ plan, episode, may, zone }: Props) {
  const [asking, setAsking] = useState<"edit" | "signed" | "verbal" | null>(null);
  const progress = PROGRESS[plan.progress];
  const title = plan.kind === "initial" ? "Initial plan" : `Recertification ${plan.number - 1}`;
  if (asking === "edit") return <PlanForm episode={episode} plan={plan} onDone={() => setAsking(null)} />;
  return (
    <article className={classes.card} aria-label={title}>
      <div className={classes.head}>
        <span className={classes.strong}>
          {title}, {dose(plan)}
        </span>
        <Badge variant="light" color={progress.color}>
          {progress.label}
        </Badge>
      </div>
      <p className={classes.quiet}>
        {day(plan.starts_on)} to {day(plan.ends_on)}
        {plan.sent_at && ` · sent ${moment(plan.sent_at)}`}
        {plan.verbal_on && ` · agreed by word ${day(plan.verbal_on)}`}
      </p>
      <p className={classes.standing} data-tone={plan.progress === "overdue" ? "danger" : undefined}>
        {standing(plan)}
      </p>
      <Contents plan={plan} />
      {plan.signed_how === "portal" && (
        <Anchor size="sm" href={signatureOf(plan)} target="_blank" rel="noreferrer">
          Signed online: the plan with its signature (PDF)
        </Anchor>
      )}
      {may && <Actions plan={plan} asking={asking} ask={setAsking} />}
      {asking === "signed" && <Day plan={plan} zone={zone} what="signed" onDone={() => setAsking(null)} />}
      {asking === "verbal" && <Day plan={plan} zone={zone} what="verbal" onDone={() => setAsking(null)} />}
    </article>
  );
}

function Contents({ plan }: { plan: PlanOut }) {
  if (plan.diagnoses.length + plan.goals.length === 0) return null;
  return (
    <details className={classes.more}>
      <summary>Diagnoses and goals</summary>
      <ul className={classes.lines}>
        {plan.diagnoses.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {plan.goals.map((text) => (
          <li key={text}>Goal: {text}</li>
        ))}
      </ul>
    </details>
  );
}

interface Asking {
  plan: PlanOut;
  asking: string | null;
  ask: (what: "edit" | "signed" | "verbal" | null) => void;
}

function Actions({ plan, asking, ask }: Asking) {
  const ready = useReadyPlan();
  const sent = useSentPlan();
  const unsigned = useUnsignedPlan();
  const remove = useDeletePlan();
  const path = { plan_id: plan.id };
  const body = { version: plan.version };
  const out = plan.sent_at !== null || plan.signed_on !== null;
  if (plan.signed_on !== null)
    return (
      <Group gap={6} mt={8}>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          loading={unsigned.isPending}
          onClick={() => unsigned.mutate({ path, body })}
        >
          Not signed after all
        </Button>
      </Group>
    );
  return (
    <Group gap={6} mt={8}>
      {plan.ready_at === null && (
        <Button size="compact-xs" loading={ready.isPending} onClick={() => ready.mutate({ path, body })}>
          Complete
        </Button>
      )}
      {plan.ready_at !== null && plan.sent_at === null && (
        <Button
          size="compact-xs"
          loading={sent.isPending}
          onClick={() => sent.mutate({ path, body: { ...body, how: "hand" } })}
        >
          Sent by hand
        </Button>
      )}
      {plan.ready_at !== null && (
        <>
          <Button
            size="compact-xs"
            variant="light"
            aria-expanded={asking === "signed"}
            onClick={() => ask(asking === "signed" ? null : "signed")}
          >
            Signed…
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={asking === "verbal"}
            onClick={() => ask(asking === "verbal" ? null : "verbal")}
          >
            Agreed by word…
          </Button>
        </>
      )}
      {!out && (
        <>
          <Button size="compact-xs" variant="subtle" onClick={() => ask("edit")}>
            Edit
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            color="red.8"
            loading={remove.isPending}
            onClick={() => remove.mutate({ path, query: body })}
          >
            Delete
          </Button>
        </>
      )}
    </Group>
  );
}

interface DayProps {
  plan: PlanOut;
  zone: string;
  what: "signed" | "verbal";
  onDone: () => void;
}

/** The date beside the signature, or of the word. */
function Day({ plan, zone, what, onDone }: DayProps) {
  const signed = useSignedPlan();
  const change = useChangePlan();
  const [value, setValue] = useState(() => wall(zone, Date.now()).day);
  const mutation = what === "signed" ? signed : change;
  const error = mutation.isError ? failureOf(mutation.error).message : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const path = { plan_id: plan.id };
    const { version } = plan;
    if (what === "signed")
      signed.mutate({ path, body: { version, signed_on: value } }, { onSuccess: onDone });
    else change.mutate({ path, body: { version, verbal_on: value } }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className={classes.inner}>
      <Group gap={8} align="flex-end">
        <TextInput
          size="xs"
          type="date"
          required
          autoFocus
          label={what === "signed" ? "Date beside the signature" : "Agreed by word on"}
          value={value}
          error={error}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" loading={mutation.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
