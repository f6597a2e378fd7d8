import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef } from "react";
import { failed } from "../../shared/ui/notify";
import {
  type AppointmentOut,
  type ClinicianOut,
  type Conflict,
  conflictOf,
  type Move,
  useMoveVisit,
} from "../scheduling";
import { type Column, clinicAt } from "./columns";

/** A drop that the server refused: where to, and what stands against it. */
export interface Refused {
  visit: AppointmentOut;
  to: Move["to"];
  conflict: Conflict;
}

const shifted = (at: string, by: number) => new Date(Date.parse(at) + by).toISOString();

/** Where a visit was dropped it is at once; the server decides, and a conflict asks what to do instead. */
export function useDrops(clinicians: ClinicianOut[], onRefused: (refused: Refused) => void): void {
  const move = useMoveVisit();
  const latest = useRef({ clinicians, onRefused, mutate: move.mutate });
  latest.current = { clinicians, onRefused, mutate: move.mutate };
  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => source.data.type === "visit",
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]?.data;
          const visit = source.data.visit as AppointmentOut;
          if (!target?.column) return;
          const column = target.column as Column;
          const at = target.at as number;
          const by = at - Date.parse(visit.starts_at);
          const clinician_id = column.clinicianId ?? visit.clinician_id;
          const homes = latest.current.clinicians.find((one) => one.id === clinician_id)?.location_ids ?? [];
          const location_id = clinicAt(column, at, visit.location_id, homes) ?? visit.location_id;
          if (by === 0 && clinician_id === visit.clinician_id && location_id === visit.location_id) return;
          const to = { starts_at: new Date(at).toISOString(), clinician_id, location_id };
          const shown = {
            ...to,
            ends_at: shifted(visit.ends_at, by),
            busy_from: shifted(visit.busy_from, by),
            busy_until: shifted(visit.busy_until, by),
          };
          latest.current.mutate(
            { appointment: visit, to, shown },
            {
              onError: (error) => {
                const conflict = conflictOf(error);
                if (conflict) latest.current.onRefused({ visit, to, conflict });
                else failed(error);
              },
            },
          );
        },
      }),
    [],
  );
}
