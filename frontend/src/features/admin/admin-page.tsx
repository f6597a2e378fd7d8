import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { FollowUpSettings } from "../follow-up";
import { HoursPanel } from "../hours";
import { InsuranceSettings } from "../insurance";
import { FormsSettings } from "../intake-forms";
import { WebFormPanel } from "../lead-capture";
import { LetterSettings } from "../letters";
import { OutcomeSettings } from "../outcomes";
import { SchedulingSettings } from "../scheduling-settings";
import { useMay } from "../session";
import { LinesTab, PolicyTab, TextsTab } from "../texting-settings";
import classes from "./admin.module.css";
import { ApiKeys } from "./api-keys";
import { AuditLog } from "./audit-log";
import { Deliveries, Jobs } from "./operations";
import { FaxLines, People } from "./settings-lists";

const route = getRouteApi("/desk/settings");

/** Settings and what an administrator watches. */
export function AdminPage() {
  const operations = useMay("operations:read");
  const audit = useMay("audit:read");
  const schedule = useMay("schedule:read");
  const wide = useMediaQuery("(min-width: 75em)");
  const { tab = "people" } = route.useSearch();
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address may name a tab that is out of sight
  useEffect(() => {
    const active = list.current?.querySelector("[data-active]");
    active?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [tab]);
  const go = route.useNavigate();
  return (
    <div>
      <PageHead title="Settings" />
      <Tabs
        value={tab}
        onChange={(next) => go({ search: { tab: next ?? undefined }, replace: true })}
        orientation={wide ? "vertical" : "horizontal"}
        keepMounted={false}
        className={classes.tabs}
        classNames={{ tabLabel: classes.tabLabel }}
      >
        <Tabs.List ref={list} className={classes.list} aria-label="Settings">
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="lines">Fax lines</Tabs.Tab>
          <Tabs.Tab value="phone-lines">Phone lines</Tabs.Tab>
          <Tabs.Tab value="texting">Texting policy</Tabs.Tab>
          <Tabs.Tab value="texts">Texts</Tabs.Tab>
          <Tabs.Tab value="follow-up">Follow-up</Tabs.Tab>
          <Tabs.Tab value="letters">Letters</Tabs.Tab>
          <Tabs.Tab value="forms">Intake forms</Tabs.Tab>
          {schedule && <Tabs.Tab value="scheduling">Scheduling</Tabs.Tab>}
          <Tabs.Tab value="hours">Hours & alerts</Tabs.Tab>
          <Tabs.Tab value="insurance">Insurance</Tabs.Tab>
          <Tabs.Tab value="outcomes">Outcome measures</Tabs.Tab>
          <Tabs.Tab value="web-form">Website form</Tabs.Tab>
          <Tabs.Tab value="keys">API keys</Tabs.Tab>
          {operations && <Tabs.Tab value="jobs">Jobs</Tabs.Tab>}
          {operations && <Tabs.Tab value="deliveries">Provider events</Tabs.Tab>}
          {audit && <Tabs.Tab value="audit">Audit</Tabs.Tab>}
        </Tabs.List>
        <div className={classes.panel}>
          <Tabs.Panel value="people">
            <People />
          </Tabs.Panel>
          <Tabs.Panel value="follow-up">
            <FollowUpSettings />
          </Tabs.Panel>
          <Tabs.Panel value="letters">
            <LetterSettings />
          </Tabs.Panel>
          <Tabs.Panel value="forms">
            <FormsSettings />
          </Tabs.Panel>
          <Tabs.Panel value="lines">
            <FaxLines />
          </Tabs.Panel>
          <Tabs.Panel value="phone-lines">
            <LinesTab />
          </Tabs.Panel>
          <Tabs.Panel value="texting">
            <PolicyTab />
          </Tabs.Panel>
          <Tabs.Panel value="texts">
            <TextsTab />
          </Tabs.Panel>
          <Tabs.Panel value="scheduling">
            <SchedulingSettings />
          </Tabs.Panel>
          <Tabs.Panel value="hours">
            <HoursPanel />
          </Tabs.Panel>
          <Tabs.Panel value="insurance">
            <InsuranceSettings />
          </Tabs.Panel>
          <Tabs.Panel value="outcomes">
            <OutcomeSettings />
          </Tabs.Panel>
          <Tabs.Panel value="web-form">
            <WebFormPanel />
          </Tabs.Panel>
          <Tabs.Panel value="keys">
            <ApiKeys />
          </Tabs.Panel>
          <Tabs.Panel value="jobs">
            <Jobs />
          </Tabs.Panel>
          <Tabs.Panel value="deliveries">
            <Deliveries />
          </Tabs.Panel>
          <Tabs.Panel value="audit">
            <AuditLog />
          </Tabs.Panel>
        </div>
      </Tabs>
    </div>
  );
}
