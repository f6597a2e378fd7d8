import { useInfiniteQuery } from "@tanstack/react-query";
import { listTasksInfiniteOptions } from "../../api/generated/@tanstack/react-query.gen";

export type { TaskOut } from "../../api/generated/types.gen";

export const useTasks = (owner: string | undefined) =>
  useInfiniteQuery({
    ...listTasksInfiniteOptions({ query: { owner, limit: 100 } }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
