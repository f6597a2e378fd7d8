import { Badge, Button, Group } from "@mantine/core";
import { useState } from "react";
import { day, phone } from "../../shared/lib/format";
import { Benefits } from "./benefits";
import { CoverageForm } from "./coverage-form";
import classes from "./insurance.module.css";
import { useUpdateCoverage } from "./mutations";
import type { CoverageDetail, InsuranceOut, LeadOut } from "./queries";
import { detailsOf, RANKS, RELATIONS, SOURCES, STATES, TONES } from "./wording";

interface Props {
  lead: LeadOut;
  coverage: CoverageDetail;
  insurance: InsuranceOut;
  may: boolean;
}

/** One insurance: who pays, for whom, since when, and how its benefits stand. */
export function CoverageCard({ lead, coverage, insurance, may }: Props) {
  const [editing, setEditing] = useState(false);
  const activate = useUpdateCoverage(lead.id, "Now active");
  const { verification } = coverage;
  if (editing)
    return (
      <CoverageForm
        leadId={lead.id}
        coverage={coverage}
        coverages={insurance.coverages}
        onDone={() => setEditing(false)}
      />
    );
  const use = () =>
    activate.mutate({
      path: { lead_id: lead.id, coverage_id: coverage.id },
      body: { version: coverage.version, active: true, replaces: true },
    });
  return (
    <article
      className={classes.card}
      data-past={!coverage.active || undefined}
      aria-label={`${RANKS[coverage.rank]}: ${coverage.payer_name}`}
    >
      <div className={classes.head}>
        <Group gap={8}>
          <span className={classes.payer}>{coverage.payer_name}</span>
          {coverage.rank !== "primary" && (
            <Badge size="sm" variant="light" color="gray">
              {RANKS[coverage.rank]}
            </Badge>
          )}
          {coverage.active ? (
            <Badge size="sm" variant="light" color={TONES[verification.state]}>
              {STATES[verification.state]}
            </Badge>
          ) : (
            <Badge size="sm" variant="light" color="gray">
              Not used
            </Badge>
          )}
        </Group>
        {may && (
          <Group gap={4}>
            {!coverage.active && (
              <Button size="compact-xs" variant="subtle" loading={activate.isPending} onClick={use}>
                Use this one
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`Edit ${coverage.payer_name}`}
              onClick={() => setEditing(true)}
            >
              Edit
            </Button>
          </Group>
        )}
      </div>
      <p className={classes.quiet}>{detailsOf(coverage) || "No member ID yet"}</p>
      <Facts coverage={coverage} />
      {coverage.active && <Benefits lead={lead} coverage={coverage} insurance={insurance} may={may} />}
    </article>
  );
}

function Facts({ coverage }: { coverage: CoverageDetail }) {
  const subscriber = [coverage.subscriber_first_name, coverage.subscriber_last_name]
    .filter(Boolean)
    .join(" ");
  const from = coverage.effective_from && `from ${day(coverage.effective_from)}`;
  const until = coverage.effective_until && `until ${day(coverage.effective_until)}`;
  const said = coverage.payer_said !== coverage.payer_name && coverage.payer_said;
  const parts = [
    coverage.relationship !== "self" &&
      `Insured: ${subscriber || RELATIONS[coverage.relationship]}${coverage.subscriber_dob ? `, born ${day(coverage.subscriber_dob)}` : ""}`,
    from,
    until,
    `noted ${SOURCES[coverage.source]}${said ? ` as “${said}”` : ""}`,
    coverage.payer?.phone && `provider line ${phone(coverage.payer.phone)}`,
  ];
  return <p className={classes.quiet}>{parts.filter(Boolean).join(" · ")}</p>;
}
