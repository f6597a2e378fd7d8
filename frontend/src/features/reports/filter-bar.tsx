import { Group, Select } from "@mantine/core";
import { words } from "../../shared/lib/format";
import { useMe } from "../session";
import { type Asked, useReport } from "./queries";
import classes from "./reports.module.css";
import { PERIODS, type Period, type ReportsSearch, USUAL } from "./search";

const SOURCES = ["fax", "web_form", "phone", "walk_in", "api", "text", "email"];

interface Props {
  search: ReportsSearch;
  asked: Asked;
  onChange: (part: Partial<ReportsSearch>) => void;
}

/** Of when, where and whom; kept in the address. */
export function FilterBar({ search, asked, onChange }: Props) {
  const { locations } = useMe();
  const { from, to } = asked;
  const referrers = useReport("contact_rate", { from, to, group_by: "referrer" });
  const known = (referrers.data?.groups ?? []).filter((group) => group.key !== null);
  return (
    <Group gap="xs" className={classes.filters}>
      <Select
        size="xs"
        w={160}
        aria-label="Period"
        allowDeselect={false}
        data={[...PERIODS]}
        value={search.period ?? USUAL}
        onChange={(period) => onChange({ period: period === USUAL ? undefined : (period as Period) })}
      />
      {locations.length > 1 && (
        <Select
          size="xs"
          w={160}
          aria-label="Clinic"
          placeholder="All clinics"
          clearable
          data={locations.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.location ?? null}
          onChange={(location) => onChange({ location: location ?? undefined })}
        />
      )}
      <Select
        size="xs"
        w={140}
        aria-label="Source"
        placeholder="All sources"
        clearable
        data={SOURCES.map((value) => ({ value, label: words(value) }))}
        value={search.source ?? null}
        onChange={(source) => onChange({ source: source ?? undefined })}
      />
      <Select
        size="xs"
        w={210}
        aria-label="Referrer"
        placeholder="All referrers"
        clearable
        searchable
        nothingFoundMessage="No such referrer in this period"
        data={known.map((group) => ({ value: group.key as string, label: group.label }))}
        value={search.referrer ?? null}
        onChange={(referrer) => onChange({ referrer: referrer ?? undefined })}
      />
    </Group>
  );
}
