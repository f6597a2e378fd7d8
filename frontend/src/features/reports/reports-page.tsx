import "@mantine/charts/styles.css";
import { Tabs, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { wall } from "../../shared/lib/zones";
import { useLive } from "../../shared/realtime/live";
import { PageHead } from "../../shared/ui/page-head";
import { LeadDrawer } from "../leads";
import { useMe } from "../session";
import { FilterBar } from "./filter-bar";
import { Freshness } from "./freshness";
import { MetricDrawer } from "./metric-drawer";
import { MetricList } from "./metric-list";
import { Overview } from "./overview";
import { daysOf } from "./periods";
import type { Asked } from "./queries";
import classes from "./reports.module.css";
import { SavedPanel } from "./saved-panel";
import { ScorecardsPanel } from "./scorecards-panel";
import { type ReportsSearch, USUAL } from "./search";
import { useStaleReports } from "./use-stale-reports";

/** What the practice may say of its own work; every figure opens to its rows. */
export function ReportsPage() {
  const search = useSearch({ from: "/desk/reports" });
  const navigate = useNavigate({ from: "/reports" });
  const zone = useMe().practice.timezone;
  const change = useCallback(
    (part: Partial<ReportsSearch>) =>
      navigate({ search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  );
  useLive(useStaleReports());
  const today = wall(zone, Date.now()).day;
  const asked: Asked = {
    ...daysOf(search.period ?? USUAL, today),
    location_id: search.location,
    source: search.source,
    referrer_id: search.referrer,
  };
  const open = useCallback(
    (metric: string, by?: string, rows?: string) => change({ metric, by, rows }),
    [change],
  );
  return (
    <div>
      <PageHead title="Reports">
        <Freshness />
      </PageHead>
      <div className={classes.page}>
        <Tabs
          value={search.tab ?? "overview"}
          onChange={(tab) => change({ tab: tab === "overview" ? undefined : (tab as ReportsSearch["tab"]) })}
          keepMounted={false}
        >
          <Tabs.List aria-label="Reports" className={classes.tabs}>
            <Tabs.Tab value="overview">Overview</Tabs.Tab>
            <Tabs.Tab value="figures">All figures</Tabs.Tab>
            <Tabs.Tab value="saved">Saved</Tabs.Tab>
            <Tabs.Tab value="scorecards">Scorecards</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="overview">
            <FilterBar search={search} asked={asked} onChange={change} />
            <Overview asked={asked} onOpen={open} />
          </Tabs.Panel>
          <Tabs.Panel value="figures">
            <FilterBar search={search} asked={asked} onChange={change} />
            <MetricList asked={asked} onOpen={open} />
          </Tabs.Panel>
          <Tabs.Panel value="saved">
            <SavedPanel onOpen={open} />
          </Tabs.Panel>
          <Tabs.Panel value="scorecards">
            <ScorecardsPanel batch={search.batch} today={today} onChange={change} onOpen={open} />
          </Tabs.Panel>
        </Tabs>
        <Text size="xs" c="dimmed" mt="lg">
          Figures of few rows are withheld. What each one means, and the rows behind it, open with a click.
        </Text>
      </div>
      <MetricDrawer search={search} asked={asked} onChange={change} />
      <LeadDrawer leadId={search.lead ?? null} onClose={() => change({ lead: undefined })} />
    </div>
  );
}
