import { Alert, Anchor, Badge, Button, Group, Tabs, Text } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Pencil } from "lucide-react";
import { useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay, useMe } from "../session";
import { DoubleRow } from "./double-row";
import { EditReferrer } from "./edit-referrer";
import { MergedRows } from "./merged-rows";
import { useUnmergeReferrer } from "./mutations";
import { type ReferrerProfile, useDoublesOf, useReferrer } from "./queries";
import classes from "./referrer.module.css";
import { ReferrerFacts } from "./referrer-facts";
import { ReferrerHistory } from "./referrer-history";
import { referrerTabs } from "./tabs";
import { fullName, STATUS } from "./wording";

/** One referrer: who they are, how they want to hear back, and what passed between us. */
export function ReferrerPage() {
  const { referrerId } = useParams({ from: "/desk/referrers/$referrerId" });
  const referrer = useReferrer(referrerId);
  if (referrer.isPending) return <Loading label="Loading the referrer" />;
  if (referrer.isError) return <Failed error={referrer.error} retry={() => referrer.refetch()} />;
  return <Profile key={referrerId} referrer={referrer.data} />;
}

function Profile({ referrer }: { referrer: ReferrerProfile }) {
  const { tab = "history" } = useSearch({ from: "/desk/referrers/$referrerId" });
  const navigate = useNavigate({ from: "/referrers/$referrerId" });
  const { permissions } = useMe();
  const [editing, setEditing] = useState(false);
  const may = useMay("referrers:write") && !referrer.merged_into;
  const tabs = referrerTabs().filter((added) => permissions.includes(added.permission));
  const status = STATUS[referrer.status];
  const shown = tabs.some((added) => added.value === tab) ? tab : tab === "doubles" ? tab : "history";
  return (
    <div className={classes.page}>
      <Anchor size="sm" className={classes.back} renderRoot={(props) => <Link to="/referrers" {...props} />}>
        <ArrowLeft size={15} aria-hidden /> All referrers
      </Anchor>
      <PageHead title={fullName(referrer)}>
        <Badge size="lg" variant="light" color={status.color}>
          {status.label}
        </Badge>
        {may && (
          <Button variant="default" leftSection={<Pencil size={15} />} onClick={() => setEditing(true)}>
            Edit
          </Button>
        )}
      </PageHead>
      <Merged referrer={referrer} />
      <div className={classes.columns}>
        <ReferrerFacts referrer={referrer} />
        <Tabs
          value={shown}
          className={classes.main}
          onChange={(value) => navigate({ search: { tab: value ?? undefined }, replace: true })}
        >
          <Tabs.List>
            <Tabs.Tab value="history">What happened</Tabs.Tab>
            {tabs.map((added) => (
              <Tabs.Tab key={added.value} value={added.value}>
                {added.label}
              </Tabs.Tab>
            ))}
            <Tabs.Tab value="doubles">Doubles</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="history" pt="md">
            <ReferrerHistory referrer={referrer} />
          </Tabs.Panel>
          {tabs.map(({ value, panel: Panel }) => (
            <Tabs.Panel key={value} value={value} pt="md">
              {shown === value && <Panel referrer={referrer} />}
            </Tabs.Panel>
          ))}
          <Tabs.Panel value="doubles" pt="md">
            {shown === "doubles" && (
              <Doubles
                referrer={referrer}
                onMerged={(id) => navigate({ to: "/referrers/$referrerId", params: { referrerId: id } })}
              />
            )}
          </Tabs.Panel>
        </Tabs>
      </div>
      {editing && <EditReferrer referrer={referrer} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Merged({ referrer }: { referrer: ReferrerProfile }) {
  const unmerge = useUnmergeReferrer();
  const may = useMay("referrers:write");
  if (!referrer.merged_into) return null;
  const apart = () =>
    unmerge.mutate({ path: { referrer_id: referrer.id }, body: { version: referrer.version } });
  return (
    <Alert color="blue" variant="light" mx="lg" mb="sm">
      <Group gap="sm">
        <Text size="sm">This referrer is part of another; everything of theirs is there.</Text>
        <Button
          size="xs"
          renderRoot={(props) => (
            <Link
              to="/referrers/$referrerId"
              params={{ referrerId: referrer.merged_into ?? "" }}
              {...props}
            />
          )}
        >
          Open that one
        </Button>
        {may && (
          <Button size="xs" variant="default" loading={unmerge.isPending} onClick={apart}>
            They are two: take it back
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function Doubles({ referrer, onMerged }: { referrer: ReferrerProfile; onMerged: (id: string) => void }) {
  const doubles = useDoublesOf(referrer.id);
  const unmerge = useUnmergeReferrer();
  const items = doubles.data?.items ?? [];
  return (
    <div className={classes.card}>
      {doubles.isPending && <Loading />}
      {doubles.isError && <Failed error={doubles.error} retry={() => doubles.refetch()} />}
      {doubles.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody else looks like this referrer.
        </Text>
      )}
      <ul className={classes.plain}>
        {items.map((double) => (
          <DoubleRow key={double.second.id} double={double} onMerged={onMerged} />
        ))}
      </ul>
      <MergedRows
        merges={referrer.merges}
        what="referrer"
        undoing={unmerge.isPending}
        onUndo={(id, version) => unmerge.mutate({ path: { referrer_id: id }, body: { version } })}
      />
    </div>
  );
}
