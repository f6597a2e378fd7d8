import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { newMutationId } from "../../api/client";
import { moveLead } from "../../api/generated/sdk.gen";
import { problemOf } from "../../api/problem";
import { announce } from "../../shared/a11y/announce";
import { failed } from "../../shared/ui/notify";
import { placed, withCard, without } from "./cache";
import { boardOptions, type ColumnData, columnKey, fetchCard, type LeadCard } from "./queries";
import { type BoardSearch, isFiltered } from "./search";

export interface Move {
  card: LeadCard;
  stage: string;
  stageName: string;
  afterId: string | null;
  lostReason?: string;
}

const MOVING = ["move"];

function patch(
  queries: QueryClient,
  stage: string,
  search: BoardSearch,
  change: (data: ColumnData) => ColumnData,
) {
  queries.setQueryData<ColumnData>(columnKey(stage, search), (data) => data && change(data));
}

/** Move a card at once on the screen; the server's answer decides. A stale move is undone with an explanation. */
export function useMoveCard(search: BoardSearch) {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: MOVING,
    // One after the other, so that a second move of a card builds on the version the first one makes.
    scope: { id: "move" },
    mutationFn: async ({ card, stage, afterId, lostReason }: Move) => {
      const { data } = await moveLead({
        path: { lead_id: card.id },
        body: { stage, after_id: afterId, version: card.version, lost_reason: lostReason },
        headers: { "X-Mutation-Id": newMutationId() },
        throwOnError: true,
      });
      return data;
    },
    onMutate: ({ card, stage, afterId }) => {
      patch(queries, card.stage, search, (data) => without(data, card.id));
      patch(queries, stage, search, (data) =>
        placed(data, { ...card, stage, version: card.version + 1 }, afterId),
      );
    },
    onSuccess: (_, { card, stageName }) => announce(`${card.patient.display_name} moved to ${stageName}`),
    onError: (error, { card, stage }) => {
      const problem = problemOf(error);
      failed(problem);
      announce(`${card.patient.display_name} was not moved. ${problem.message}`);
      patch(queries, stage, search, (data) => without(data, card.id));
    },
    onSettled: async (_, error, { card, stage }) => {
      if (!error && queries.isMutating({ mutationKey: MOVING }) > 1) return;
      await refreshCard(queries, card.id, search);
      if (error && stage !== card.stage) queries.invalidateQueries({ queryKey: columnKey(stage, search) });
    },
  });
}

/** Put a card where it is now. With filters on, only the server knows whether it still belongs here. */
export async function refreshCard(queries: QueryClient, id: string, search: BoardSearch): Promise<void> {
  queries.invalidateQueries({ queryKey: boardOptions(search).queryKey });
  if (isFiltered(search)) {
    await queries.invalidateQueries({
      predicate: (query) => (query.queryKey[0] as { _id?: string })?._id === "listCards",
    });
    return;
  }
  const card = await fetchCard(id);
  for (const query of queries.getQueryCache().findAll({
    predicate: (found) => (found.queryKey[0] as { _id?: string })?._id === "listCards",
  })) {
    const key = query.queryKey[0] as { path?: { stage?: string } };
    queries.setQueryData<ColumnData>(query.queryKey, (data) => {
      if (!data) return data;
      return card && key.path?.stage === card.stage ? withCard(data, card) : without(data, id);
    });
  }
}
