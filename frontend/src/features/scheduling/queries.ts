import { keepPreviousData, type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import {
  getAppointmentOptions,
  getAppointmentQueryKey,
  listAppointmentHistoryOptions,
  listAppointmentsOptions,
  listAppointmentTypesOptions,
  listCliniciansOptions,
  listSlotsOptions,
  searchOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import { listAppointments } from "../../api/generated/sdk.gen";
import type { AppointmentOut, ListAppointmentsData, ListSlotsData } from "../../api/generated/types.gen";

export type {
  AppointmentEventOut,
  AppointmentOut,
  AppointmentTypeOut,
  ClinicianOut,
  LeadOut,
  SlotOut,
} from "../../api/generated/types.gen";
export type SlotWish = NonNullable<ListSlotsData["query"]>;
export type AppointmentFilter = NonNullable<ListAppointmentsData["query"]>;

const RARELY = 5 * 60_000;

export const useTypes = () => useQuery({ ...listAppointmentTypesOptions(), staleTime: RARELY });
export const useClinicians = () => useQuery({ ...listCliniciansOptions(), staleTime: RARELY });

export const useSlots = (query: SlotWish, enabled = true) =>
  useQuery({ ...listSlotsOptions({ query }), enabled, placeholderData: keepPreviousData, staleTime: 20_000 });

const SPAN = "appointmentsOfSpan";

/** Everything in a span; the server gives it in pages. */
export const spanOptions = (query: AppointmentFilter) =>
  queryOptions({
    queryKey: [{ _id: SPAN, query }] as const,
    queryFn: async ({ signal }): Promise<AppointmentOut[]> => {
      const found: AppointmentOut[] = [];
      let cursor: string | undefined;
      do {
        const page = { ...query, limit: 1000, ...(cursor ? { cursor } : {}) };
        const { data } = await listAppointments({ query: page, signal, throwOnError: true });
        found.push(...data.items);
        cursor = data.next_cursor ?? undefined;
      } while (cursor);
      return found;
    },
    staleTime: 60_000,
  });

/** Put one appointment, as it is now, into every span on the screen; or only change it where it is. */
export function patchSpans(
  queries: QueryClient,
  id: string,
  change: (before: AppointmentOut) => AppointmentOut,
): void {
  queries.setQueriesData<AppointmentOut[]>({ predicate: (query) => idOf(query.queryKey) === SPAN }, (items) =>
    items?.map((item) => (item.id === id ? change(item) : item)),
  );
}

const idOf = (key: readonly unknown[]) => (key[0] as { _id?: string } | undefined)?._id ?? "";
const SHOWING = new Set([SPAN, "listAppointments", "listSlots", "listAppointmentHistory", "listWaitlist"]);

/** One appointment, where it is open. */
export const freshenAppointment = (queries: QueryClient, id: string) =>
  queries.invalidateQueries({ queryKey: getAppointmentQueryKey({ path: { appointment_id: id } }) });

/** Whatever shows appointments or free times is asked for again. */
export function freshenAppointments(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ predicate: (query) => SHOWING.has(idOf(query.queryKey)) });
}

export const useAppointment = (id: string) =>
  useQuery(getAppointmentOptions({ path: { appointment_id: id } }));
export const useAppointmentHistory = (id: string) =>
  useQuery(listAppointmentHistoryOptions({ path: { appointment_id: id } }));
export const useAppointmentsOf = (whose: { lead_id: string } | { patient_id: string }) =>
  useQuery(listAppointmentsOptions({ query: whose }));

export const useFoundLeads = (q: string) =>
  useQuery({
    ...searchOptions({ query: { q } }),
    enabled: q.trim().length >= 2,
    placeholderData: keepPreviousData,
  });
