import { Button, Group } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { day, words } from "../../shared/lib/format";
import { useMay } from "../session";
import { fullName } from "./compare";
import { CompareDialog } from "./compare-dialog";
import classes from "./duplicates.module.css";
import { useReconsiderDuplicate, useUnmergeLead } from "./mutations";
import { type DuplicateOut, type LeadOut, type MergeOut, useDuplicates } from "./queries";

/** At the top of a lead: who its patient may be too, what was joined, or that it is part of another. */
export function DuplicateBanner({ lead }: { lead: LeadOut }) {
  if (lead.merged_into) return <PartOf lead={lead} into={lead.merged_into} />;
  return (
    <>
      <Possible lead={lead} />
      {lead.merges.length > 0 && <Joined merges={lead.merges} />}
    </>
  );
}

function Possible({ lead }: { lead: LeadOut }) {
  const found = useDuplicates(lead.id);
  const navigate = useNavigate();
  const [comparing, setComparing] = useState<DuplicateOut | null>(null);
  const may = useMay("leads:write");
  const items = found.data?.items ?? [];
  const asked = items.filter((item) => !item.dismissed_by);
  const ruledOut = items.filter((item) => item.dismissed_by);
  if (items.length === 0) return null;
  return (
    <section className={classes.banner} aria-label="Possible duplicates">
      {asked.length > 0 && (
        <ul className={classes.found}>
          {asked.map((item) => (
            <li key={item.lead_id}>
              <Found item={item} />
              {may && (
                <Button size="compact-sm" variant="default" onClick={() => setComparing(item)}>
                  Compare
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {ruledOut.map((item) => (
        <RuledOut key={item.lead_id} lead={lead} item={item} may={may} />
      ))}
      {comparing && (
        <CompareDialog
          lead={lead}
          position={found.data?.position ?? 0}
          other={comparing}
          onClose={() => setComparing(null)}
          onMerged={(survivor) => {
            setComparing(null);
            navigate({ to: "/board", search: (before) => ({ ...before, lead: survivor }) });
          }}
        />
      )}
    </section>
  );
}

function Found({ item }: { item: DuplicateOut }) {
  const verdict = item.score?.verdict === "same" ? "Very likely the same person" : "May be the same person";
  return (
    <span>
      <strong>{item.score ? verdict : "Same patient, another lead"}:</strong> {fullName(item.patient)},{" "}
      {item.stage_name}, {words(item.source).toLowerCase()} {day(item.opened_at.slice(0, 10))}
      {item.score && <span className={classes.quiet}> ({item.score.words})</span>}
    </span>
  );
}

function RuledOut({ lead, item, may }: { lead: LeadOut; item: DuplicateOut; may: boolean }) {
  const reconsider = useReconsiderDuplicate();
  return (
    <Group gap={8} justify="space-between" wrap="nowrap" className={classes.quiet}>
      <span>
        Not the same person as {fullName(item.patient)}, says {item.dismissed_by}
      </span>
      {may && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={reconsider.isPending}
          onClick={() => reconsider.mutate({ path: { lead_id: lead.id, other_id: item.lead_id } })}
        >
          Take back
        </Button>
      )}
    </Group>
  );
}

function Joined({ merges }: { merges: MergeOut[] }) {
  const unmerge = useUnmergeLead();
  const may = useMay("leads:write");
  return (
    <section className={classes.banner} data-tone="merged" aria-label="Joined leads">
      <ul className={classes.found}>
        {merges.map((merge) => (
          <li key={merge.lead_id}>
            <span>
              Joined by {merge.by}: a lead by {words(merge.source).toLowerCase()} of{" "}
              {day(merge.opened_at.slice(0, 10))}
            </span>
            {may && merge.can_undo && (
              <Button
                size="compact-sm"
                variant="default"
                loading={unmerge.isPending}
                onClick={() =>
                  unmerge.mutate({ path: { lead_id: merge.lead_id }, body: { version: merge.version } })
                }
              >
                Un-merge
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function PartOf({ lead, into }: { lead: LeadOut; into: string }) {
  const unmerge = useUnmergeLead();
  const navigate = useNavigate();
  const may = useMay("leads:write");
  return (
    <section className={classes.banner} data-tone="merged" aria-label="Merged lead">
      <p>This lead was merged into another one of the same person. Everything of it is there.</p>
      <Group gap={8}>
        <Button
          size="compact-sm"
          onClick={() => navigate({ to: "/board", search: (before) => ({ ...before, lead: into }) })}
        >
          Open that lead
        </Button>
        {may && (
          <Button
            size="compact-sm"
            variant="default"
            loading={unmerge.isPending}
            onClick={() => unmerge.mutate({ path: { lead_id: lead.id }, body: { version: lead.version } })}
          >
            Un-merge
          </Button>
        )}
      </Group>
    </section>
  );
}
