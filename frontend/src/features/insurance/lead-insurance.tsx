import { Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { Authorizations } from "./authorizations";
import { CoverageCard } from "./coverage-card";
import { CoverageForm } from "./coverage-form";
import classes from "./insurance.module.css";
import { useVerify } from "./mutations";
import { type InsuranceOut, type LeadOut, useInsurance } from "./queries";

/** What pays for the patient's care: insurances, how their benefits stand, authorizations. */
export function LeadInsurance({ lead }: { lead: LeadOut }) {
  const may = useMay("coverage:write");
  const insurance = useInsurance(lead.id);
  const [adding, setAdding] = useState(false);
  if (insurance.isPending) return <Loading label="Loading the insurance" />;
  if (insurance.isError) return <Failed error={insurance.error} retry={() => insurance.refetch()} />;
  const { coverages, authorizations } = insurance.data;
  const active = coverages.filter((coverage) => coverage.active);
  const past = coverages.filter((coverage) => !coverage.active);
  return (
    <>
      {active.length === 0 && <Without leadId={lead.id} insurance={insurance.data} may={may} />}
      {active.map((coverage) => (
        <CoverageCard
          key={coverage.id}
          lead={lead}
          coverage={coverage}
          insurance={insurance.data}
          may={may}
        />
      ))}
      {may && !adding && (
        <Button size="compact-xs" variant="light" mb={8} onClick={() => setAdding(true)}>
          {active.length === 0 ? "Add insurance" : "Add another insurance"}
        </Button>
      )}
      {adding && <CoverageForm leadId={lead.id} coverages={coverages} onDone={() => setAdding(false)} />}
      {past.length > 0 && (
        <details className={classes.more}>
          <summary>{past.length === 1 ? "1 other insurance" : `${past.length} other insurances`}</summary>
          {past.map((coverage) => (
            <CoverageCard
              key={coverage.id}
              lead={lead}
              coverage={coverage}
              insurance={insurance.data}
              may={may}
            />
          ))}
        </details>
      )}
      {(active.length > 0 || authorizations.length > 0) && (
        <Authorizations leadId={lead.id} insurance={insurance.data} may={may} />
      )}
    </>
  );
}

function Without({ leadId, insurance, may }: { leadId: string; insurance: InsuranceOut; may: boolean }) {
  const verify = useVerify(leadId, "Noted: the patient pays");
  const undo = useVerify(leadId, "Taken back");
  const { self_pay } = insurance;
  const body = { version: self_pay.version };
  if (self_pay.state === "self_pay")
    return (
      <Group gap={8} mb={8}>
        <Badge color="gray" variant="light">
          Self-pay
        </Badge>
        <Text size="sm">The patient pays without insurance.</Text>
        {may && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={undo.isPending}
            onClick={() =>
              undo.mutate({ path: { lead_id: leadId }, body: { ...body, state: "not_started" } })
            }
          >
            Undo
          </Button>
        )}
      </Group>
    );
  return (
    <Group gap={8} mb={8}>
      <Text size="sm" c="dimmed">
        No insurance on file.
      </Text>
      {may && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={verify.isPending}
          onClick={() => verify.mutate({ path: { lead_id: leadId }, body: { ...body, state: "self_pay" } })}
        >
          Self-pay
        </Button>
      )}
    </Group>
  );
}
