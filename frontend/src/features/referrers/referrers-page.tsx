import { Badge, Button, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, Search, UserPlus, UsersRound } from "lucide-react";
import { useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { useMay } from "../session";
import { DoublesDialog } from "./doubles-dialog";
import { NewReferrerDialog } from "./new-referrer";
import { useDoubles } from "./queries";
import { ReferrerList } from "./referrer-list";
import classes from "./referrers.module.css";
import type { Sort, StatusFilter } from "./search";
import { STATUS } from "./wording";

const STATUSES = [
  { value: "all", label: "Any status" },
  ...Object.entries(STATUS).map(([value, { label }]) => ({ value, label })),
];
const SORTS = [
  { value: "name", label: "By name" },
  { value: "referrals", label: "Most referrals" },
];

/** Everyone who refers, or should. */
export function ReferrersPage() {
  const search = useSearch({ from: "/desk/referrers" });
  const navigate = useNavigate({ from: "/referrers" });
  const [dialog, setDialog] = useState<"new" | "doubles" | null>(null);
  const may = useMay("referrers:write");
  const doubles = useDoubles().data?.items.length ?? 0;
  const set = (change: Partial<typeof search>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const find = useDebouncedCallback((text: string) => set({ q: text.trim() || undefined }), 250);
  return (
    <div className={classes.page}>
      <PageHead title="Referrers">
        <Button
          variant="default"
          leftSection={<Building2 size={16} />}
          renderRoot={(props) => <Link to="/offices" {...props} />}
        >
          Offices
        </Button>
        {doubles > 0 && (
          <Button
            variant="default"
            leftSection={<UsersRound size={16} />}
            rightSection={
              <Badge size="sm" variant="light" color="orange">
                {doubles}
              </Badge>
            }
            onClick={() => setDialog("doubles")}
          >
            Possible doubles
          </Button>
        )}
        {may && (
          <Button leftSection={<UserPlus size={16} />} onClick={() => setDialog("new")}>
            Add a referrer
          </Button>
        )}
      </PageHead>
      <Group px="lg" pb="sm" gap="sm">
        <TextInput
          w={260}
          aria-label="Find a referrer"
          placeholder="Name, office, NPI, phone or fax"
          leftSection={<Search size={15} />}
          defaultValue={search.q ?? ""}
          onChange={(event) => find(event.currentTarget.value)}
        />
        <Select
          w={170}
          aria-label="Status"
          allowDeselect={false}
          data={STATUSES}
          value={search.status ?? "all"}
          onChange={(value) => set({ status: value === "all" ? undefined : (value as StatusFilter) })}
        />
        <SegmentedControl
          aria-label="Order"
          data={SORTS}
          value={search.sort ?? "name"}
          onChange={(value) => set({ sort: value === "name" ? undefined : (value as Sort) })}
        />
      </Group>
      <ReferrerList key={`${search.q} ${search.status} ${search.sort}`} search={search} />
      {dialog === "new" && <NewReferrerDialog onClose={() => setDialog(null)} />}
      {dialog === "doubles" && <DoublesDialog onClose={() => setDialog(null)} />}
    </div>
  );
}
