import { Badge, Button, Skeleton, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, Search, UsersRound } from "lucide-react";
import { useState } from "react";
import { phone } from "../../shared/lib/format";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed } from "../../shared/ui/states";
import { HEAR_BY } from "../referrers";
import { DoublesDialog } from "./doubles-dialog";
import classes from "./offices.module.css";
import { type OfficeRow, useDoubles, useOffices } from "./queries";
import { people } from "./wording";

/** The offices referrers work in. */
export function OfficesPage() {
  const { q } = useSearch({ from: "/desk/offices" });
  const navigate = useNavigate({ from: "/offices" });
  const [comparing, setComparing] = useState(false);
  const doubles = useDoubles().data?.items.length ?? 0;
  const find = useDebouncedCallback(
    (text: string) => navigate({ search: { q: text.trim() || undefined }, replace: true }),
    250,
  );
  return (
    <div className={classes.page}>
      <PageHead title="Offices">
        <Button
          variant="default"
          leftSection={<UsersRound size={16} />}
          renderRoot={(props) => <Link to="/referrers" {...props} />}
        >
          Referrers
        </Button>
        {doubles > 0 && (
          <Button
            variant="default"
            rightSection={
              <Badge size="sm" variant="light" color="orange">
                {doubles}
              </Badge>
            }
            onClick={() => setComparing(true)}
          >
            Possible doubles
          </Button>
        )}
      </PageHead>
      <TextInput
        w={280}
        maw="calc(100% - 24px)"
        mx="lg"
        mb="sm"
        aria-label="Find an office"
        placeholder="Name, address, phone or fax"
        leftSection={<Search size={15} />}
        defaultValue={q ?? ""}
        onChange={(event) => find(event.currentTarget.value)}
      />
      <OfficeList key={q} q={q} />
      {comparing && <DoublesDialog onClose={() => setComparing(false)} />}
    </div>
  );
}

function OfficeList({ q }: { q: string | undefined }) {
  const query = useOffices(q);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={classes.panel}>
      {query.isPending && [0, 1, 2, 3].map((key) => <Skeleton key={key} height={40} m={10} radius="md" />)}
      {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
      {query.isSuccess && items.length === 0 && (
        <Empty icon={<Building2 size={32} color="#0f766e" />} title={q ? "No such office" : "No offices yet"}>
          {q
            ? "Try part of its name, its town, or its fax number."
            : "The office a referral names appears here by itself."}
        </Empty>
      )}
      <ul className={classes.rows} aria-label="Offices">
        {items.map((office) => (
          <li key={office.id}>
            <Row office={office} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          m="sm"
          variant="subtle"
          loading={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}

function Row({ office }: { office: OfficeRow }) {
  return (
    <Link to="/offices/$officeId" params={{ officeId: office.id }} className={classes.row}>
      <span className={classes.who}>
        <Text fw={650} component="span" truncate>
          {office.name}
        </Text>
        <Text size="sm" c="dimmed" component="span" truncate>
          {office.address ?? "No address known"}
        </Text>
      </span>
      <Text size="sm" component="span" className={classes.wide} truncate>
        {office.hear_by ? `Hears back: ${HEAR_BY[office.hear_by]}` : ""}
      </Text>
      <Text size="sm" component="span" className={classes.wide}>
        {office.fax ? `Fax ${phone(office.fax)}` : "No fax known"}
      </Text>
      <Text size="sm" c="dimmed" component="span">
        {people(office.providers)}
      </Text>
    </Link>
  );
}
