import { Text } from "@mantine/core";
import { phone } from "../../shared/lib/format";
import { useMay } from "../session";
import { useDismissDouble, useMergeReferrer, useReconsiderDouble } from "./mutations";
import { PairRow } from "./pair-row";
import type { ReferrerDoubleOut, ReferrerFactsOut } from "./queries";
import { ReferrerLink } from "./referrer-link";
import { fullName } from "./wording";

interface Props {
  double: ReferrerDoubleOut;
  onMerged?: (survivor: string) => void;
}

/** Two who may be one: why, and what to do about it. */
export function DoubleRow({ double, onMerged }: Props) {
  const merge = useMergeReferrer();
  const dismiss = useDismissDouble();
  const reconsider = useReconsiderDouble();
  const may = useMay("referrers:write");
  const { first, second } = double;
  const pair = { path: { referrer_id: first.id, other_id: second.id } };
  const keep = (kept: ReferrerFactsOut, gone: ReferrerFactsOut) =>
    merge.mutate(
      {
        path: { referrer_id: gone.id },
        body: { into: kept.id, version: gone.version, into_version: kept.version },
      },
      { onSuccess: () => onMerged?.(kept.id) },
    );
  return (
    <PairRow
      shown={[<Described key="first" referrer={first} />, <Described key="second" referrer={second} />]}
      names={[fullName(first), fullName(second)]}
      likely={double.likely}
      agrees={double.agrees}
      differs={double.differs}
      dismissedBy={double.dismissed_by}
      two="Two referrers"
      may={may}
      busy={merge.isPending || dismiss.isPending}
      onKeep={(which) => (which === 0 ? keep(first, second) : keep(second, first))}
      onDismiss={() => dismiss.mutate(pair)}
      onReconsider={() => reconsider.mutate(pair)}
    />
  );
}

function Described({ referrer }: { referrer: ReferrerFactsOut }) {
  const facts = [
    referrer.office?.name ?? referrer.practice_name,
    referrer.npi && `NPI ${referrer.npi}`,
    referrer.fax && `fax ${phone(referrer.fax)}`,
    referrer.phone && `phone ${phone(referrer.phone)}`,
  ].filter(Boolean);
  return (
    <>
      <Text fw={650} size="sm" component="div">
        <ReferrerLink id={referrer.id}>{fullName(referrer)}</ReferrerLink>
      </Text>
      <Text size="xs" c="dimmed">
        {facts.join(" · ") || "nothing else known"}
      </Text>
    </>
  );
}
