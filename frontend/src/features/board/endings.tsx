import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { problemOf } from "../../api/problem";
import { failed } from "../../shared/ui/notify";
import { DischargeDialog, type EpisodeOut, fetchActiveEpisode } from "../care";
import { LostReason } from "../leads";
import type { ColumnOut, LeadCard } from "./queries";

interface Ending {
  card: LeadCard;
  stage: string;
  afterId: string | null;
  /** The care that goes on; without it the lead is being lost. */
  episode: EpisodeOut | null;
}
type Move = (card: LeadCard, stage: string, afterId: string | null, lostReason?: string) => void;

const ends = (column: ColumnOut) => column.group === "lost" || column.stage === "discharged";

/** Moves that need a reason: care ends by discharge, a lead is lost for something. The rest goes on to `move`. */
export function useEndings(columns: ColumnOut[], move: Move) {
  const queries = useQueryClient();
  const [ending, setEnding] = useState<Ending | null>(null);
  const moveTo = useCallback(
    async (card: LeadCard, stage: string, afterId: string | null) => {
      const column = columns.find((found) => found.stage === stage);
      if (!column || stage === card.stage || !ends(column)) return move(card, stage, afterId);
      try {
        const episode = await fetchActiveEpisode(queries, card.patient.id, card.id);
        if (!episode && column.group !== "lost") return move(card, stage, afterId);
        setEnding({ card, stage, afterId, episode });
      } catch (error) {
        failed(problemOf(error));
      }
    },
    [columns, move, queries],
  );
  const close = () => setEnding(null);
  const dialog = (
    <>
      {ending?.episode && <DischargeDialog episode={ending.episode} onClose={close} />}
      <LostReason
        opened={ending !== null && !ending.episode}
        onCancel={close}
        onGiven={(reason) => {
          if (ending) move(ending.card, ending.stage, ending.afterId, reason);
          close();
        }}
      />
    </>
  );
  return { moveTo, dialog };
}
