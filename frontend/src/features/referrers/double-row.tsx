import { Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { phone } from "../../shared/lib/format";
import { useMay } from "../session";
import { useDismissDouble, useMergeReferrer, useReconsiderDouble } from "./mutations";
import type { ReferrerDoubleOut, ReferrerFactsOut } from "./queries";
import { ReferrerLink } from "./referrer-link";
import classes from "./referrers.module.css";
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
  const [asking, setAsking] = useState(false);
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
    <li className={classes.double}>
      <div className={classes.pair}>
        <Described referrer={first} />
        <Described referrer={second} />
      </div>
      <Text size="sm">
        <Badge variant="light" color={double.likely ? "orange" : "gray"} mr={8}>
          {double.likely ? "Very likely one" : "May be one"}
        </Badge>
        {[...double.agrees, ...double.differs.map((reason) => `but ${reason}`)].join(", ")}
      </Text>
      {may && (
        <Group gap="xs" mt={8}>
          {double.dismissed_by ? (
            <>
              <Text size="sm" c="dimmed">
                {double.dismissed_by} says these are two.
              </Text>
              <Button size="xs" variant="subtle" onClick={() => reconsider.mutate(pair)}>
                Maybe one after all
              </Button>
            </>
          ) : asking ? (
            <>
              <Text size="sm">Keep which? Everything of the other moves there; it can be undone.</Text>
              <Button size="xs" loading={merge.isPending} onClick={() => keep(first, second)}>
                {fullName(first)}
              </Button>
              <Button size="xs" loading={merge.isPending} onClick={() => keep(second, first)}>
                {fullName(second)}
              </Button>
              <Button size="xs" variant="subtle" color="gray" onClick={() => setAsking(false)}>
                Cancel
              </Button>
            </>
          ) : (
            <>
              <Button size="xs" variant="light" onClick={() => setAsking(true)}>
                Merge…
              </Button>
              <Button
                size="xs"
                variant="default"
                loading={dismiss.isPending}
                onClick={() => dismiss.mutate(pair)}
              >
                Two referrers
              </Button>
            </>
          )}
        </Group>
      )}
    </li>
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
    <div>
      <Text fw={650} size="sm" component="div">
        <ReferrerLink id={referrer.id}>{fullName(referrer)}</ReferrerLink>
      </Text>
      <Text size="xs" c="dimmed">
        {facts.join(" · ") || "nothing else known"}
      </Text>
    </div>
  );
}
