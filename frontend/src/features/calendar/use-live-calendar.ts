import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";
import { freshenAppointment, freshenAppointments } from "../scheduling";

const GATHER = 200;

/** Keep the calendar as others change it. */
export function useLiveCalendar(): void {
  const queries = useQueryClient();
  const timer = useRef<number | undefined>(undefined);
  useLive((event) => {
    const resync = event.type === "resync";
    if (!resync && !event.type.startsWith("appointment.")) return;
    if (resync)
      queries.invalidateQueries({
        predicate: (query) =>
          ["listOpenTimes", "listBlockedTimes"].includes((query.queryKey[0] as { _id?: string })?._id ?? ""),
      });
    else freshenAppointment(queries, event.id);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => freshenAppointments(queries), GATHER);
  });
}
