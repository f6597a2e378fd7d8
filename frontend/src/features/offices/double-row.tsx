import { Text } from "@mantine/core";
import { phone } from "../../shared/lib/format";
import { PairRow } from "../referrers";
import { useMay } from "../session";
import { useDismissDouble, useMergeOffice, useReconsiderDouble } from "./mutations";
import { OfficeLink } from "./office-link";
import type { OfficeDoubleOut, OfficeOut } from "./queries";

interface Props {
  double: OfficeDoubleOut;
  onMerged?: (survivor: string) => void;
}

/** Two offices that may be one. */
export function DoubleRow({ double, onMerged }: Props) {
  const merge = useMergeOffice();
  const dismiss = useDismissDouble();
  const reconsider = useReconsiderDouble();
  const may = useMay("referrers:write");
  const { first, second } = double;
  const pair = { path: { office_id: first.id, other_id: second.id } };
  const keep = (kept: OfficeOut, gone: OfficeOut) =>
    merge.mutate(
      {
        path: { office_id: gone.id },
        body: { into: kept.id, version: gone.version, into_version: kept.version },
      },
      { onSuccess: () => onMerged?.(kept.id) },
    );
  return (
    <PairRow
      shown={[<Described key="first" office={first} />, <Described key="second" office={second} />]}
      names={[keptAs(first, second), keptAs(second, first)]}
      likely={double.likely}
      agrees={double.agrees}
      differs={double.differs}
      dismissedBy={double.dismissed_by}
      two="Two offices"
      may={may}
      busy={merge.isPending || dismiss.isPending}
      onKeep={(which) => (which === 0 ? keep(first, second) : keep(second, first))}
      onDismiss={() => dismiss.mutate(pair)}
      onReconsider={() => reconsider.mutate(pair)}
    />
  );
}

/** Two of one name are told apart by what else is known. */
function keptAs(office: OfficeOut, other: OfficeOut): string {
  if (office.name !== other.name) return office.name;
  return [office.name, phone(office.fax ?? office.phone) || office.address].filter(Boolean).join(", ");
}

function Described({ office }: { office: OfficeOut }) {
  const facts = [
    office.npi && `NPI ${office.npi}`,
    office.fax && `fax ${phone(office.fax)}`,
    office.phone && `phone ${phone(office.phone)}`,
    office.address,
  ].filter(Boolean);
  return (
    <>
      <Text fw={650} size="sm" component="div">
        <OfficeLink office={office} />
      </Text>
      <Text size="xs" c="dimmed">
        {facts.join(" · ") || "nothing else known"}
      </Text>
    </>
  );
}
