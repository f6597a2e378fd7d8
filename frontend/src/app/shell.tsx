import {
  ActionIcon,
  AppShell,
  Avatar,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  Tooltip,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import {
  CalendarCheck,
  CalendarDays,
  ChartColumn,
  ClipboardCheck,
  FileText,
  HeartPulse,
  Kanban,
  LogOut,
  Mail,
  MailQuestion,
  MessagesSquare,
  Phone,
  Send,
  Settings,
  Smartphone,
  Stethoscope,
} from "lucide-react";
import { InboxCountBadge } from "../features/conversations";
import { FaxCountBadge } from "../features/faxes";
import { ArrivalCountBadge, useHeldArrivals } from "../features/lead-capture";
import { NewLeadButton, SearchBox } from "../features/leads";
import { LetterCountBadge } from "../features/letters";
import { ReportCountBadge } from "../features/reports";
import { useMay, useMe, useSignOut } from "../features/session";
import { BreachAlerts, TaskCountBadge } from "../features/tasks";
import { PausedBanner } from "../features/texting-settings";
import { initials } from "../shared/lib/format";
import { useLive } from "../shared/realtime/live";
import classes from "./shell.module.css";

/** Queries that a kind of live event makes stale; the board patches its cards itself. */
const STALE: [string, string[]][] = [
  [
    "lead.",
    ["getLead", "listTimeline", "listTasks", "countTasks", "search", "getInsurance", "listDuplicates"],
  ],
  ["task.", ["listTasks", "countTasks", "getLead", "listReferrerMessages", "countReferrerMessages"]],
  ["letter.", ["listLetters", "countLetters", "listLeadLetters", "listReferrerMessages"]],
  ["fax.", ["listFaxes", "countFaxes", "getFax"]],
  ["episode.", ["getEpisode", "listEpisodes", "listInCare", "getPlanBoard"]],
  ["appointment.", ["listInCare"]],
  ["arrival.", ["listArrivals", "countArrivals"]],
  ["import.", ["listImports", "getImport", "listImportRows"]],
  ["mailbox.", ["listMailboxes"]],
  ["hl7_question.", ["listHl7Questions", "countHl7Questions", "listHl7Senders"]],
  ["phone_line.", ["listPhoneLines"]],
  ["referrer.", ["listReferrers", "getReferrer", "getReferrerTimeline", "getReferrerDoubles"]],
  [
    "referrer_office.",
    ["listReferrerOffices", "getReferrerOffice", "getReferrerOfficeDoubles", "listReferrers", "getReferrer"],
  ],
  ["conversation.changed", ["countConversations", "getLeadConversation", "getLeadTexting"]],
];

function useStaleness(): void {
  const queries = useQueryClient();
  useLive((event) => {
    const names = STALE.filter(
      ([prefix]) => event.type.startsWith(prefix) || event.type === "resync",
    ).flatMap(([, keys]) => keys);
    queries.invalidateQueries({
      predicate: (query) => names.includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
    });
  });
}

export function Shell() {
  const me = useMe();
  const [opened, { toggle, close }] = useDisclosure();
  const settings = useMay("settings:read");
  const faxes = useMay("faxes:read");
  const letters = useMay("letters:read");
  const texts = useMay("messages:read");
  const held = useHeldArrivals();
  const schedule = useMay("schedule:read");
  const care = useMay("care:read");
  const referrers = useMay("referrers:read");
  const reports = useMay("reports:read");
  useStaleness();
  const items = [
    { to: "/board", label: "Board", icon: <Kanban size={18} /> },
    ...(texts
      ? [{ to: "/inbox", label: "Inbox", icon: <MessagesSquare size={18} />, badge: <InboxCountBadge /> }]
      : []),
    ...(faxes
      ? [{ to: "/faxes", label: "Faxes", icon: <FileText size={18} />, badge: <FaxCountBadge /> }]
      : []),
    ...(letters
      ? [{ to: "/letters", label: "Letters", icon: <Mail size={18} />, badge: <LetterCountBadge /> }]
      : []),
    ...(held > 0
      ? [
          {
            to: "/arrivals",
            label: "To check",
            icon: <MailQuestion size={18} />,
            badge: <ArrivalCountBadge held={held} />,
          },
        ]
      : []),
    { to: "/my-day", label: "My day", icon: <CalendarCheck size={18} />, badge: <TaskCountBadge /> },
    ...(schedule ? [{ to: "/calendar", label: "Calendar", icon: <CalendarDays size={18} /> }] : []),
    ...(care
      ? [
          { to: "/in-care", label: "In care", icon: <HeartPulse size={18} /> },
          { to: "/plans-of-care", label: "Plans of care", icon: <ClipboardCheck size={18} /> },
        ]
      : []),
    ...(referrers ? [{ to: "/referrers", label: "Referrers", icon: <Stethoscope size={18} /> }] : []),
    ...(reports
      ? [{ to: "/reports", label: "Reports", icon: <ChartColumn size={18} />, badge: <ReportCountBadge /> }]
      : []),
    ...(settings ? [{ to: "/settings", label: "Settings", icon: <Settings size={18} /> }] : []),
    ...(me.sandbox
      ? [
          { to: "/send-a-fax", label: "Send a fax", icon: <Send size={18} /> },
          { to: "/send-an-email", label: "Send an e-mail", icon: <Mail size={18} /> },
          { to: "/patients-phone", label: "Patient's phone", icon: <Smartphone size={18} /> },
        ]
      : []),
  ];
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <Link to="/board" className={classes.brand} aria-label="Frontdesk">
              <img src="/icon.svg" alt="" width={26} height={26} />
              <span className={classes.name}>Frontdesk</span>
            </Link>
            <Text size="sm" c="dimmed" visibleFrom="md" lineClamp={1}>
              {me.practice.name}
            </Text>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <SearchBox />
            <NewLeadButton icon={<Phone size={16} />} />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="xs" aria-label="Main">
        {items.map((item) => (
          <NavLink
            key={item.to}
            renderRoot={(props) => <Link to={item.to} {...props} />}
            label={item.label}
            leftSection={item.icon}
            rightSection={"badge" in item ? item.badge : undefined}
            active={path.startsWith(item.to)}
            onClick={close}
            className={classes.item}
          />
        ))}
      </AppShell.Navbar>
      <BreachAlerts />
      <AppShell.Main id="main" className={classes.main}>
        <PausedBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function UserMenu() {
  const me = useMe();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Tooltip label={me.user.name}>
          <ActionIcon
            variant="subtle"
            size={36}
            radius="xl"
            aria-label={`${initials(me.user.name)}, your account`}
          >
            <Avatar size={32} color="desk" radius="xl">
              {initials(me.user.name)}
            </Avatar>
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.user.name}
          <VisuallyHidden>, </VisuallyHidden>
          <br />
          {me.user.email}
        </Menu.Label>
        <Menu.Item leftSection={<LogOut size={16} />} onClick={() => signOut.mutate({})}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
