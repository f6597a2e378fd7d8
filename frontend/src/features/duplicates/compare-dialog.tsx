import { Button, Group, Modal, Radio } from "@mantine/core";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { better, compare, fullName } from "./compare";
import classes from "./duplicates.module.css";
import { useDismissDuplicate, useMergeLead } from "./mutations";
import type { DuplicateOut, LeadOut } from "./queries";

interface Props {
  lead: LeadOut;
  position: number;
  other: DuplicateOut;
  onClose: () => void;
  onMerged: (survivor: string) => void;
}

/** Two leads side by side, and what to do about them. */
export function CompareDialog(props: Props) {
  return (
    <Modal opened onClose={props.onClose} title="Is this the same person?" size="xl">
      <Comparison {...props} />
    </Modal>
  );
}

function Comparison({ lead, position, other, onClose, onMerged }: Props) {
  const merge = useMergeLead();
  const dismiss = useDismissDuplicate();
  const mine = { position, open: lead.group !== "won" && lead.group !== "lost", opened_at: lead.opened_at };
  const [keep, setKeep] = useState<string>(better(mine, other));
  const submit = () => {
    const a = { id: lead.id, version: lead.version };
    const b = { id: other.lead_id, version: other.version };
    const [gone, kept] = keep === "mine" ? [b, a] : [a, b];
    const body = { into: kept.id, version: gone.version, into_version: kept.version };
    merge.mutate({ path: { lead_id: gone.id }, body }, { onSuccess: () => onMerged(kept.id) });
  };
  const notTheSame = () =>
    dismiss.mutate({ path: { lead_id: lead.id, other_id: other.lead_id } }, { onSuccess: onClose });
  return (
    <>
      <Explained other={other} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" style={{ width: "22%" }}>
              <span className={classes.quiet}>Fact</span>
            </th>
            <th scope="col">This lead</th>
            <th scope="col">The other</th>
          </tr>
        </thead>
        <tbody>
          {compare(lead, other).map((line) => (
            <tr key={line.label} data-same={line.same ?? undefined}>
              <th scope="row">{line.label}</th>
              <td>{line.mine || "not known"}</td>
              <td>
                {line.other || "not known"} <Mark same={line.same} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Radio.Group
        mt="md"
        label="Keep"
        description="Everything of the other one moves here: orders, texts, calls, tasks, faxes. It can be undone."
        value={keep}
        onChange={setKeep}
      >
        <Group gap="lg" mt={8}>
          <Radio value="mine" label={`This lead: ${fullName(lead.patient)}, ${lead.stage_name}`} />
          <Radio value="other" label={`The other: ${fullName(other.patient)}, ${other.stage_name}`} />
        </Group>
      </Radio.Group>
      <Group justify="space-between" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Group gap="sm">
          {other.score && (
            <Button variant="default" loading={dismiss.isPending} onClick={notTheSame}>
              Not a duplicate
            </Button>
          )}
          <Button data-autofocus loading={merge.isPending} onClick={submit}>
            Merge
          </Button>
        </Group>
      </Group>
    </>
  );
}

function Mark({ same }: { same: boolean | null }) {
  if (same === null) return null;
  return same ? (
    <Check size={14} color="#0d5f59" aria-label="same" />
  ) : (
    <X size={14} color="#9a3412" aria-label="different" />
  );
}

/** The score in words, with what each fact is worth. */
function Explained({ other }: { other: DuplicateOut }) {
  if (!other.score) return <p className={classes.score}>Another lead of the very same patient.</p>;
  const { score } = other;
  return (
    <>
      <p className={classes.score}>
        <strong>
          {score.verdict === "same" ? "Very likely the same person" : "May be the same person"}:
        </strong>{" "}
        {score.words}
      </p>
      <ul className={classes.facts}>
        {score.agrees.map((fact) => (
          <li key={fact.fact}>
            same {fact.words}: worth {fact.value.toFixed(2)}
          </li>
        ))}
        {score.differs.map((fact) => (
          <li key={fact.fact}>
            {fact.words}: at most {fact.value.toFixed(2)}
          </li>
        ))}
      </ul>
    </>
  );
}
