import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { Fragment, useEffect, useRef } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { useMe } from "../session";
import classes from "./admin.module.css";
import { GROUPS } from "./tabs";

const route = getRouteApi("/desk/settings");

/** Settings and what an administrator watches. */
export function AdminPage() {
  const me = useMe();
  const wide = useMediaQuery("(min-width: 75em)");
  const asked = route.useSearch().tab;
  const list = useRef<HTMLDivElement>(null);
  const groups = GROUPS.map(({ label, tabs }) => ({
    label,
    tabs: tabs.filter(({ may }) => !may || me.permissions.includes(may)),
  })).filter(({ tabs }) => tabs.length > 0);
  const shown = groups.flatMap(({ tabs }) => tabs);
  const tab = shown.find(({ value }) => value === asked)?.value ?? "people";
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
          {groups.map(({ label, tabs }) => (
            <Fragment key={label}>
              {wide && (
                <span className={classes.group} aria-hidden>
                  {label}
                </span>
              )}
              {tabs.map(({ value, label: name }) => (
                <Tabs.Tab key={value} value={value}>
                  {name}
                </Tabs.Tab>
              ))}
            </Fragment>
          ))}
        </Tabs.List>
        <div className={classes.panel}>
          {shown.map(({ value, panel: Panel }) => (
            <Tabs.Panel key={value} value={value}>
              <Panel />
            </Tabs.Panel>
          ))}
        </div>
      </Tabs>
    </div>
  );
}
