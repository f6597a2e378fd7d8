export { AppointmentDrawer } from "./appointment-drawer";
export { BookDialog, type Place } from "./book-dialog";
export { FirstVisit } from "./first-visit";
export { LeadPick, type Person } from "./lead-pick";
export { MoveDialog } from "./move-dialog";
export { type Move, useCancelVisit, useMoveVisit, useOutcomes, useUndoVisit } from "./mutations";
export {
  type AppointmentOut,
  type ClinicianOut,
  freshenAppointment,
  freshenAppointments,
  patchSpans,
  spanOptions,
  useAppointmentsOf,
  useClinicians,
} from "./queries";
export { type Conflict, conflictOf, isOpen, STATUS } from "./wording";
