import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { problemOf } from "../../api/problem";
import { day, moment } from "../../shared/lib/format";
import { Checklist } from "./checklist";
import { Eligibility } from "./eligibility";
import classes from "./insurance.module.css";
import { useCheckEligibility } from "./mutations";
import type { CoverageDetail, InsuranceOut, LeadOut } from "./queries";
import { answerText, REASONS } from "./wording";

interface Props {
  lead: LeadOut;
  coverage: CoverageDetail;
  insurance: InsuranceOut;
  may: boolean;
}

const SETTLED = new Set(["verified", "not_covered", "self_pay"]);

/** How the benefits stand: what was found out, or the questions to ask with what the payer's answer suggests. */
export function Benefits({ lead, coverage, insurance, may }: Props) {
  const { verification, check } = coverage;
  const ask = useCheckEligibility(lead.id);
  const [editing, setEditing] = useState(false);
  // An answer that has come and waits for somebody to confirm it opens the checklist by itself.
  const waiting = check?.state === "answered" && !check.stale && !SETTLED.has(verification.state);
  const [closed, setClosed] = useState<string | null>(null);
  const open = editing || (may && waiting && closed !== check?.id);
  const close = () => {
    setEditing(false);
    setClosed(check?.id ?? null);
  };
  return (
    <>
      {verification.reason && (
        <p className={classes.warning} role="note">
          {REASONS[verification.reason]}
        </p>
      )}
      {!open && <Answers coverage={coverage} insurance={insurance} />}
      {check && <Eligibility check={check} />}
      {open && (
        <Checklist
          key={`${check?.id} ${verification.version}`}
          lead={lead}
          coverage={coverage}
          items={insurance.items}
          onDone={close}
        />
      )}
      {ask.isError && (
        <p className={classes.warning} data-tone="danger" role="alert">
          {[
            problemOf(ask.error).message,
            ...problemOf(ask.error).errors.map((error) => sentence(error.detail)),
          ].join(" ")}
        </p>
      )}
      {may && !open && (
        <Group gap={6} mt={8}>
          {insurance.clearinghouse.connected && (
            <Button
              size="compact-xs"
              variant={SETTLED.has(verification.state) ? "default" : "filled"}
              loading={ask.isPending || check?.state === "asking"}
              onClick={() => ask.mutate({ path: { lead_id: lead.id, coverage_id: coverage.id } })}
            >
              Check eligibility
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={() => setEditing(true)}>
            {SETTLED.has(verification.state) ? "Change benefits" : "Verify by hand"}
          </Button>
        </Group>
      )}
    </>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function Answers({ coverage, insurance }: { coverage: CoverageDetail; insurance: InsuranceOut }) {
  const { verification } = coverage;
  const answered = insurance.items.filter((item) => verification.answers[item.key]);
  const told = [
    verification.told_by && `Told by ${verification.told_by}`,
    verification.reference && `reference ${verification.reference}`,
    verification.told_at && moment(verification.told_at),
  ].filter(Boolean);
  if (answered.length === 0 && !verification.note) return null;
  return (
    <>
      <dl className={classes.answers}>
        {answered.map((item) => (
          <div key={item.key}>
            <dt>{item.label}</dt>
            <dd>{answerText(item, verification.answers[item.key]?.value ?? "")}</dd>
          </div>
        ))}
      </dl>
      {verification.note && <p className={classes.quiet}>{verification.note}</p>}
      <p className={classes.quiet}>
        {[
          told.join(", "),
          verification.decided_by && `noted by ${verification.decided_by}`,
          verification.valid_until && `holds until ${day(verification.valid_until)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </>
  );
}
