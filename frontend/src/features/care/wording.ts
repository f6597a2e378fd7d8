import { day, words } from "../../shared/lib/format";
import type { CareVisitOut, DischargeIn, EpisodeRow, PlanOut, PlanRow } from "./queries";

type VisitState = CareVisitOut["state"];
type Progress = PlanRow["progress"];

export const VISIT_STATES: Record<VisitState, { label: string; color: string }> = {
  attended: { label: "Attended", color: "green" },
  no_show: { label: "No-show", color: "red" },
  late_cancel: { label: "Late cancel", color: "orange" },
  canceled: { label: "Canceled", color: "gray" },
  clinic_canceled: { label: "Clinic canceled", color: "gray" },
};

export const VISIT_KINDS: Record<CareVisitOut["kind"], string> = {
  evaluation: "Evaluation",
  treatment: "Treatment",
  reevaluation: "Re-evaluation",
  discharge: "Discharge visit",
};

export const PROGRESS: Record<Progress, { label: string; color: string }> = {
  due: { label: "Due", color: "yellow" },
  sent: { label: "Sent", color: "teal" },
  waiting: { label: "Waiting", color: "blue" },
  signed: { label: "Signed", color: "green" },
  overdue: { label: "Overdue", color: "red" },
  not_needed: { label: "Not certified", color: "gray" },
};

export const REASONS: Record<DischargeIn["reason"], string> = {
  goals_met: "Goals met",
  plan_finished: "Plan finished",
  patient_choice: "Patient's choice",
  no_return: "Did not come back",
  insurance: "Insurance ended",
  medical: "Medical reason",
  moved: "Moved away",
  other: "Other",
};

/** `Right shoulder · Rotator cuff repair`. */
export function problemOf(
  episode: Pick<EpisodeRow, "side" | "body_region"> & { procedure?: string | null },
): string {
  const region = [episode.side, episode.body_region].filter(Boolean).join(" ");
  return [region && words(region), episode.procedure].filter(Boolean).join(" · ") || "Body region not known";
}

/** How a plan stands, and what to do next, in one sentence. */
export function standing(plan: PlanOut): string {
  const by = day(plan.due_on);
  if (plan.progress === "signed")
    return `Signed ${day(plan.signed_on)}${plan.late ? `, after the deadline of ${by}` : ""}.`;
  if (plan.progress === "not_needed") return "This payer does not want it certified.";
  if (plan.ready_at === null) return `Not complete yet. Finish it, then send it by ${by}.`;
  if (plan.certified_by === "assent")
    return "Sent in time, with a signed order on file: silence is assent. No signature is needed.";
  switch (plan.next) {
    case "send":
      return `Send it by ${by}: with the signed order on file no signature is needed then.`;
    case "send_to_sign":
      return plan.progress === "overdue"
        ? `It was due ${by}. Send it now: it must be signed.`
        : `Send it to be signed by ${by}.`;
    case "sign_verbal":
      return `The referrer agreed by word. Their signature is ${plan.progress === "overdue" ? "overdue since" : "due by"} ${by}.`;
    default:
      return `Sent, waiting for the signature ${plan.progress === "overdue" ? `that was due ${by}` : `due ${by}`}.`;
  }
}

/** `2× a week for 8 weeks`. */
export const dose = (plan: Pick<PlanOut, "frequency_per_week" | "duration_weeks">) =>
  `${plan.frequency_per_week}× a week for ${plan.duration_weeks === 1 ? "1 week" : `${plan.duration_weeks} weeks`}`;

/** `6 of 16 visits`; without a plan `6 visits`. */
export function used(attended: number, planned: number | null): string {
  if (planned) return `${attended} of ${planned} visits`;
  return attended === 1 ? "1 visit" : `${attended} visits`;
}

/** `1 no-show, 2 late cancels`: what did not take place for the patient's sake. */
export function missed(visits: EpisodeRow["visits"]): string {
  const parts = [
    [visits.no_show ?? 0, "no-show"],
    [visits.late_cancel ?? 0, "late cancel"],
    [visits.canceled ?? 0, "cancel"],
    [visits.clinic_canceled ?? 0, "clinic cancel"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`)
    .join(", ");
}
