import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  getBoardOptions,
  getFollowupRulesOptions,
  getLeadSequenceOptions,
  listLocationsOptions,
  listMessageTemplatesOptions,
  listSequencesOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import { previewSteps } from "../../api/generated/sdk.gen";
import type { SequenceIn } from "../../api/generated/types.gen";

export type {
  Conditions,
  EnrollmentOut,
  FollowupRulesIn,
  FollowupRulesOut,
  LeadOut,
  SequenceIn,
  SequenceOut,
} from "../../api/generated/types.gen";

export type Step = SequenceIn["steps"][number];

// Texts that answer something the patient has just said.
const ANSWERS = new Set([
  "consent_request",
  "after_yes",
  "missed_call",
  "stopped",
  "started",
  "help",
  "wrong_person",
]);

// Texts about one visit are sent by rules.
const OF_A_VISIT = /\{(?:when|clinician)\}/;

export const useSequences = (enabled = true) => useQuery({ ...listSequencesOptions(), enabled });
export const useRules = () => useQuery(getFollowupRulesOptions());
export const useClinics = () => useQuery({ ...listLocationsOptions(), staleTime: 5 * 60_000 });
export const useStages = () => useQuery({ ...getBoardOptions(), staleTime: 60_000 });
export const useTexts = () =>
  useQuery({
    ...listMessageTemplatesOptions(),
    staleTime: 60_000,
    select: (page) => page.items.filter(({ id, body }) => !ANSWERS.has(id) && !OF_A_VISIT.test(body)),
  });
export const useLeadSequence = (leadId: string) =>
  useQuery(getLeadSequenceOptions({ path: { lead_id: leadId } }));

/** Dates of steps as they are being written. */
export const usePreview = (steps: Step[], enabled: boolean) =>
  useQuery({
    queryKey: [{ _id: "previewSteps" }, JSON.stringify(steps)],
    queryFn: async ({ signal }) => {
      const { data } = await previewSteps({ body: { steps }, signal, throwOnError: true });
      return data.steps;
    },
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
  });
