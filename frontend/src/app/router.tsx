import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { settingsSearch } from "../features/admin";
import { boardSearch } from "../features/board";
import { calendarSearch } from "../features/calendar";
import { careSearch } from "../features/care";
import { inboxSearch } from "../features/conversations";
import { faxesSearch } from "../features/faxes";
import { lettersSearch } from "../features/letters";
import { officesSearch } from "../features/offices";
import { referrerSearch, referrersSearch } from "../features/referrers";
import { reportsSearch } from "../features/reports";
import { meOptions, SignInPage } from "../features/session";
import { Empty, Failed, Loading } from "../shared/ui/states";
import { Shell } from "./shell";

function NotThere() {
  return (
    <Empty title="There is no page at this address">
      <Link to="/board">Go to the board</Link>
    </Empty>
  );
}

/** Addresses of the app. Search parameters hold what a person would want back after a reload. */
export function createAppRouter(queries: QueryClient) {
  const root = createRootRoute({ component: Outlet });
  const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignInPage });
  const desk = createRoute({
    getParentRoute: () => root,
    id: "desk",
    component: Shell,
    beforeLoad: async () => {
      try {
        await queries.ensureQueryData(meOptions);
      } catch {
        throw redirect({ to: "/sign-in" });
      }
    },
  });
  const home = createRoute({
    getParentRoute: () => desk,
    path: "/",
    beforeLoad: () => {
      throw redirect({ to: "/board" });
    },
  });
  const board = createRoute({
    getParentRoute: () => desk,
    path: "/board",
    component: lazyRouteComponent(() => import("../features/board/board-page"), "BoardPage"),
    validateSearch: boardSearch,
  });
  const inbox = createRoute({
    getParentRoute: () => desk,
    path: "/inbox",
    component: lazyRouteComponent(() => import("../features/conversations/inbox-page"), "InboxPage"),
    validateSearch: inboxSearch,
  });
  // Drawn by the inbox itself, so that the list stays as it is from one conversation to the next.
  const conversation = createRoute({ getParentRoute: () => inbox, path: "/$conversationId" });
  const faxes = createRoute({
    getParentRoute: () => desk,
    path: "/faxes",
    component: lazyRouteComponent(() => import("../features/faxes/faxes-page"), "FaxesPage"),
    validateSearch: faxesSearch,
  });
  const fax = createRoute({
    getParentRoute: () => desk,
    path: "/faxes/$faxId",
    component: lazyRouteComponent(() => import("../features/faxes/fax-review-page"), "FaxReviewPage"),
  });
  const letters = createRoute({
    getParentRoute: () => desk,
    path: "/letters",
    component: lazyRouteComponent(() => import("../features/letters/letters-page"), "LettersPage"),
    validateSearch: lettersSearch,
  });
  const myDay = createRoute({
    getParentRoute: () => desk,
    path: "/my-day",
    component: lazyRouteComponent(() => import("../features/tasks/my-day-page"), "MyDayPage"),
  });
  const arrivals = createRoute({
    getParentRoute: () => desk,
    path: "/arrivals",
    component: lazyRouteComponent(() => import("../features/lead-capture/arrivals-page"), "ArrivalsPage"),
  });
  const emrMessages = createRoute({
    getParentRoute: () => desk,
    path: "/emr-messages",
    component: lazyRouteComponent(
      () => import("../features/emr-messages/emr-messages-page"),
      "EmrMessagesPage",
    ),
  });
  const calendar = createRoute({
    getParentRoute: () => desk,
    path: "/calendar",
    component: lazyRouteComponent(() => import("../features/calendar/calendar-page"), "CalendarPage"),
    validateSearch: calendarSearch,
  });
  const inCare = createRoute({
    getParentRoute: () => desk,
    path: "/in-care",
    component: lazyRouteComponent(() => import("../features/care/in-care-page"), "InCarePage"),
    validateSearch: careSearch,
  });
  const plansOfCare = createRoute({
    getParentRoute: () => desk,
    path: "/plans-of-care",
    component: lazyRouteComponent(() => import("../features/care/plans-page"), "PlansPage"),
    validateSearch: careSearch,
  });
  const referrers = createRoute({
    getParentRoute: () => desk,
    path: "/referrers",
    component: lazyRouteComponent(() => import("../features/referrers/referrers-page"), "ReferrersPage"),
    validateSearch: referrersSearch,
  });
  const referrer = createRoute({
    getParentRoute: () => desk,
    path: "/referrers/$referrerId",
    component: lazyRouteComponent(() => import("../features/referrers/referrer-page"), "ReferrerPage"),
    validateSearch: referrerSearch,
  });
  const offices = createRoute({
    getParentRoute: () => desk,
    path: "/offices",
    component: lazyRouteComponent(() => import("../features/offices/offices-page"), "OfficesPage"),
    validateSearch: officesSearch,
  });
  const office = createRoute({
    getParentRoute: () => desk,
    path: "/offices/$officeId",
    component: lazyRouteComponent(() => import("../features/offices/office-page"), "OfficePage"),
  });
  const reports = createRoute({
    getParentRoute: () => desk,
    path: "/reports",
    component: lazyRouteComponent(() => import("../features/reports/reports-page"), "ReportsPage"),
    validateSearch: reportsSearch,
  });
  const admin = createRoute({
    getParentRoute: () => desk,
    path: "/settings",
    component: lazyRouteComponent(() => import("../features/admin/admin-page"), "AdminPage"),
    validateSearch: settingsSearch,
  });
  const formEditor = createRoute({
    getParentRoute: () => desk,
    path: "/settings/forms/$formId",
    component: lazyRouteComponent(
      () => import("../features/intake-forms/form-editor-page"),
      "FormEditorPage",
    ),
  });
  const sandbox = createRoute({
    getParentRoute: () => desk,
    path: "/send-a-fax",
    component: lazyRouteComponent(() => import("../features/sandbox/sandbox-page"), "SandboxPage"),
  });
  const mail = createRoute({
    getParentRoute: () => desk,
    path: "/send-an-email",
    component: lazyRouteComponent(() => import("../features/sandbox/mail-page"), "MailPage"),
  });
  const phone = createRoute({
    getParentRoute: () => desk,
    path: "/patients-phone",
    component: lazyRouteComponent(() => import("../features/sandbox/phone-page"), "PhonePage"),
    validateSearch: (search: Record<string, unknown>): { number?: string } =>
      typeof search.number === "string" ? { number: search.number } : {},
  });
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      desk.addChildren([
        home,
        board,
        inbox.addChildren([conversation]),
        faxes,
        fax,
        letters,
        myDay,
        arrivals,
        emrMessages,
        calendar,
        inCare,
        plansOfCare,
        referrers,
        referrer,
        offices,
        office,
        reports,
        admin,
        formEditor,
        sandbox,
        mail,
        phone,
      ]),
    ]),
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
    defaultNotFoundComponent: NotThere,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
