import { Tabs } from "@mantine/core";
import { BlockedPanel } from "./blocked-panel";
import { CliniciansPanel } from "./clinicians-panel";
import { FeedsPanel } from "./feeds-panel";
import { OfferingPanel } from "./offering-panel";
import { RoomsPanel } from "./rooms-panel";
import { RulesPanel } from "./rules-panel";
import classes from "./scheduling-settings.module.css";
import { TypesPanel } from "./types-panel";

/** Settings of scheduling: who, what, where, when, and how much. */
export function SchedulingSettings() {
  return (
    <Tabs defaultValue="clinicians" variant="pills" keepMounted={false}>
      <Tabs.List className={classes.tabs} aria-label="Scheduling">
        <Tabs.Tab value="clinicians">Clinicians</Tabs.Tab>
        <Tabs.Tab value="types">Visit types</Tabs.Tab>
        <Tabs.Tab value="rooms">Rooms</Tabs.Tab>
        <Tabs.Tab value="blocked">Blocked time</Tabs.Tab>
        <Tabs.Tab value="rules">Booking rules</Tabs.Tab>
        <Tabs.Tab value="offering">Offering</Tabs.Tab>
        <Tabs.Tab value="feeds">Calendar feeds</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="clinicians">
        <CliniciansPanel />
      </Tabs.Panel>
      <Tabs.Panel value="types">
        <TypesPanel />
      </Tabs.Panel>
      <Tabs.Panel value="rooms">
        <RoomsPanel />
      </Tabs.Panel>
      <Tabs.Panel value="blocked">
        <BlockedPanel />
      </Tabs.Panel>
      <Tabs.Panel value="rules">
        <RulesPanel />
      </Tabs.Panel>
      <Tabs.Panel value="offering">
        <OfferingPanel />
      </Tabs.Panel>
      <Tabs.Panel value="feeds">
        <FeedsPanel />
      </Tabs.Panel>
    </Tabs>
  );
}
