import { Alert, Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Pencil } from "lucide-react";
import { useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Failed, Loading } from "../../shared/ui/states";
import { fullName, MergedRows, ReferrerLink, STATUS } from "../referrers";
import { useMay } from "../session";
import { DoubleRow } from "./double-row";
import { EditOffice } from "./edit-office";
import { useUnmergeOffice } from "./mutations";
import { OfficeFacts } from "./office-facts";
import classes from "./offices.module.css";
import { type OfficeProfile, useDoublesOf, useOffice, usePeople } from "./queries";

/** One office: where it is, who works there, what else it may be. */
export function OfficePage() {
  const { officeId } = useParams({ from: "/desk/offices/$officeId" });
  const office = useOffice(officeId);
  if (office.isPending) return <Loading label="Loading the office" />;
  if (office.isError) return <Failed error={office.error} retry={() => office.refetch()} />;
  return <Profile key={officeId} office={office.data} />;
}

function Profile({ office }: { office: OfficeProfile }) {
  const [editing, setEditing] = useState(false);
  const may = useMay("referrers:write") && !office.merged_into;
  return (
    <div className={classes.page}>
      <Anchor size="sm" className={classes.back} renderRoot={(props) => <Link to="/offices" {...props} />}>
        <ArrowLeft size={15} aria-hidden /> All offices
      </Anchor>
      <PageHead title={office.name}>
        {may && (
          <Button variant="default" leftSection={<Pencil size={15} />} onClick={() => setEditing(true)}>
            Edit
          </Button>
        )}
      </PageHead>
      <Merged office={office} />
      <div className={classes.columns}>
        <OfficeFacts office={office} />
        <div className={classes.side}>
          <People officeId={office.id} />
          <Doubles office={office} />
        </div>
      </div>
      {editing && <EditOffice office={office} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Merged({ office }: { office: OfficeProfile }) {
  const unmerge = useUnmergeOffice();
  const may = useMay("referrers:write");
  const into = office.merged_into;
  if (!into) return null;
  return (
    <Alert color="blue" variant="light" mx="lg" mb="sm">
      <Group gap="sm">
        <Text size="sm">This office is part of another; everybody who worked here is there.</Text>
        <Button
          size="xs"
          renderRoot={(props) => <Link to="/offices/$officeId" params={{ officeId: into }} {...props} />}
        >
          Open that one
        </Button>
        {may && (
          <Button
            size="xs"
            variant="default"
            loading={unmerge.isPending}
            onClick={() =>
              unmerge.mutate({ path: { office_id: office.id }, body: { version: office.version } })
            }
          >
            They are two: take it back
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function People({ officeId }: { officeId: string }) {
  const people = usePeople(officeId);
  const items = people.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={classes.card} aria-label="Who works there">
      <h2 className={classes.title}>Who works there</h2>
      {people.isPending && <Loading />}
      {people.isError && <Failed error={people.error} retry={() => people.refetch()} />}
      {people.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody we know of.
        </Text>
      )}
      <ul className={classes.plain}>
        {items.map((row) => (
          <li key={row.id} className={classes.person}>
            <span className={classes.who}>
              <Text size="sm" fw={600} component="span">
                <ReferrerLink id={row.id}>{fullName(row)}</ReferrerLink>
              </Text>
              {row.specialty && (
                <Text size="xs" c="dimmed" component="span">
                  {row.specialty}
                </Text>
              )}
            </span>
            <Badge variant="light" color={STATUS[row.status].color}>
              {STATUS[row.status].label}
            </Badge>
            <Text size="sm" component="span" title="Referrals in the last 90 days">
              {row.referrals_90} in 90 days
            </Text>
          </li>
        ))}
      </ul>
      {people.hasNextPage && (
        <Button
          size="xs"
          variant="subtle"
          loading={people.isFetchingNextPage}
          onClick={() => people.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </section>
  );
}

function Doubles({ office }: { office: OfficeProfile }) {
  const doubles = useDoublesOf(office.id);
  const unmerge = useUnmergeOffice();
  const navigate = useNavigate();
  const items = doubles.data?.items ?? [];
  return (
    <section className={classes.card} aria-label="Doubles">
      <h2 className={classes.title}>Doubles</h2>
      {doubles.isPending && <Loading />}
      {doubles.isError && <Failed error={doubles.error} retry={() => doubles.refetch()} />}
      {doubles.isSuccess && items.length === 0 && (
        <Text size="sm" c="dimmed">
          No other office looks like this one.
        </Text>
      )}
      <ul className={classes.plain}>
        {items.map((double) => (
          <DoubleRow
            key={double.second.id}
            double={double}
            onMerged={(officeId) => navigate({ to: "/offices/$officeId", params: { officeId } })}
          />
        ))}
      </ul>
      <MergedRows
        merges={office.merges}
        what="office"
        undoing={unmerge.isPending}
        onUndo={(id, version) => unmerge.mutate({ path: { office_id: id }, body: { version } })}
      />
    </section>
  );
}
