export { AppointmentDrawer } from "./appointment-drawer";
export { BookDialog, type Place } from "./book-dialog";
export { FirstVisit } from "./first-visit";
export { LeadPick, type Person } from "./lead-pick";
export { MoveDialog } from "./move-dialog";
export { type Move, useMoveVisit, useOutcomes } from "./mutations";
export {
  type AppointmentOut,
  type ClinicianOut,
  freshenAppointment,
  freshenAppointments,
  patchSpans,
  spanOptions,
  useClinicians,
} from "./queries";
export { type Conflict, conflictOf, isOpen, STATUS } from "./wording";
