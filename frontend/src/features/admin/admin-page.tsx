import { Tabs } from "@mantine/core";
import { PageHead } from "../../shared/ui/page-head";
import { FollowUpSettings } from "../follow-up";
import { useMay } from "../session";
import classes from "./admin.module.css";
import { ApiKeys } from "./api-keys";
import { AuditLog } from "./audit-log";
import { Deliveries, Jobs } from "./operations";
import { FaxLines, People } from "./settings-lists";

/** Settings and what an administrator watches. */
export function AdminPage() {
  const operations = useMay("operations:read");
  const audit = useMay("audit:read");
  return (
    <div>
      <PageHead title="Settings" />
      <Tabs defaultValue="people" keepMounted={false} px="lg">
        <Tabs.List>
          <Tabs.Tab value="people">People</Tabs.Tab>
          <Tabs.Tab value="follow-up">Follow-up</Tabs.Tab>
          <Tabs.Tab value="lines">Fax lines</Tabs.Tab>
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
          <Tabs.Panel value="lines">
            <FaxLines />
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
