import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  countTasksOptions,
  listTasksInfiniteOptions,
  listTasksOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { TaskOut } from "../../api/generated/types.gen";

/** What is lost first, first. */
export const useTasks = (owner: string | undefined) =>
  useInfiniteQuery({
    ...listTasksInfiniteOptions({ query: { owner, order: "loss", limit: 100 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const useEpisodeTasks = (episodeId: string) =>
  useQuery(listTasksOptions({ query: { episode_id: episodeId } }));

export const useTaskCount = () =>
  useQuery({ ...countTasksOptions({ query: { owner: "me" } }), refetchInterval: 60_000 });
