import { ActionIcon, Badge, Menu } from "@mantine/core";
import { EllipsisVertical, Undo2 } from "lucide-react";
import { momentIn } from "../../shared/lib/zones";
import { useUndoVisit } from "../scheduling";
import { useMay } from "../session";
import classes from "./care.module.css";
import { useChangeVisit, useRemoveVisit } from "./mutations";
import type { CareVisitOut } from "./queries";
import { VISIT_KINDS, VISIT_STATES } from "./wording";

const STATES = Object.entries(VISIT_STATES) as [CareVisitOut["state"], { label: string }][];
const FROM: Record<CareVisitOut["source"], string> = {
  desk: "",
  api: " · from a program",
  import: " · imported",
  hl7: " · from the EMR",
};

/** What became of one visit; a mistake is corrected from its menu. */
export function VisitRow({ visit, zone, may }: { visit: CareVisitOut; zone: string; may: boolean }) {
  const state = VISIT_STATES[visit.state];
  const when = momentIn(zone, visit.scheduled_at);
  return (
    <li className={classes.visit}>
      <span className={classes.when}>
        {when}
        <span className={classes.quiet}>
          {VISIT_KINDS[visit.kind]}
          {FROM[visit.source]}
        </span>
      </span>
      <Badge variant="light" color={state.color}>
        {state.label}
      </Badge>
      {may && <Corrections visit={visit} when={when} />}
    </li>
  );
}

function Corrections({ visit, when }: { visit: CareVisitOut; when: string }) {
  const change = useChangeVisit();
  const remove = useRemoveVisit();
  const undo = useUndoVisit();
  const schedule = useMay("schedule:write");
  const { appointment_id: appointment, version } = visit;
  const settled = visit.state === "attended" || visit.state === "no_show";
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Correct the visit of ${when}`}
          loading={change.isPending || remove.isPending || undo.isPending}
        >
          <EllipsisVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {appointment === null &&
          STATES.filter(([value]) => value !== visit.state).map(([value, { label }]) => (
            <Menu.Item
              key={value}
              onClick={() => change.mutate({ path: { visit_id: visit.id }, body: { version, state: value } })}
            >
              {label}
            </Menu.Item>
          ))}
        {appointment === null && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red.8"
              onClick={() => remove.mutate({ path: { visit_id: visit.id }, query: { version } })}
            >
              Noted by mistake: remove
            </Menu.Item>
          </>
        )}
        {appointment !== null && settled && schedule && (
          <Menu.Item
            leftSection={<Undo2 size={14} />}
            onClick={() => undo.mutate({ path: { appointment_id: appointment }, body: {} })}
          >
            {visit.state === "attended" ? "Undo the check-in" : "Undo the no-show"}
          </Menu.Item>
        )}
        {appointment !== null &&
          !settled &&
          (["late_cancel", "canceled", "clinic_canceled"] as const)
            .filter((value) => value !== visit.state)
            .map((value) => (
              <Menu.Item
                key={value}
                onClick={() =>
                  change.mutate({ path: { visit_id: visit.id }, body: { version, state: value } })
                }
              >
                {VISIT_STATES[value].label}
              </Menu.Item>
            ))}
      </Menu.Dropdown>
    </Menu>
  );
}
