import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  getLeadOutcomesOptions,
  getOutcomeSettingsOptions,
  getOutcomesOptions,
  listOutcomeMeasuresOptions,
  listOutcomeWordingsOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type {
  EpisodeOutcomesOut,
  OutcomeChangeOut as ChangeOut,
  OutcomeInstrumentOut as InstrumentOut,
  OutcomeMeasureOut as MeasureOut,
  OutcomeRequestOut as RequestOut,
  OutcomeScoreOut as ScoreOut,
  OutcomeSettingsOut,
  OutcomeWordingOut as WordingOut,
} from "../../api/generated/types.gen";

export type Whose = { episodeId: string } | { leadId: string };

/** How the patient of an episode is doing. */
export function useOutcomes(whose: Whose, superseded: boolean) {
  const query = { superseded };
  const episode = "episodeId" in whose ? whose.episodeId : "";
  const lead = "leadId" in whose ? whose.leadId : "";
  const ofEpisode = useQuery({
    ...getOutcomesOptions({ path: { episode_id: episode }, query }),
    enabled: episode !== "",
    placeholderData: keepPreviousData,
  });
  const ofLead = useQuery({
    ...getLeadOutcomesOptions({ path: { lead_id: lead }, query }),
    enabled: lead !== "",
    placeholderData: keepPreviousData,
  });
  return episode ? ofEpisode : ofLead;
}
export const useMeasures = () =>
  useQuery({ ...listOutcomeMeasuresOptions(), staleTime: Number.POSITIVE_INFINITY });
export const useOutcomeSettings = () => useQuery(getOutcomeSettingsOptions());
export const useWordings = () => useQuery(listOutcomeWordingsOptions());
