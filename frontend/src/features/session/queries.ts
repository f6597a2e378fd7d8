import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { setCsrfToken } from "../../api/client";
import {
  getSessionOptions,
  listTeamsOptions,
  listUsersOptions,
  signInMutation,
  signOutMutation,
} from "../../api/generated/@tanstack/react-query.gen";
import { getSession } from "../../api/generated/sdk.gen";
import type { Me } from "../../api/generated/types.gen";

export type { Me } from "../../api/generated/types.gen";

/** Who is signed in. Fails with 401 when nobody is. */
export const meOptions = queryOptions({
  ...getSessionOptions(),
  queryFn: async ({ signal }): Promise<Me> => {
    const { data } = await getSession({ signal, throwOnError: true });
    setCsrfToken(data.csrf_token);
    return data;
  },
  staleTime: 10 * 60_000,
  retry: false,
});

/** The signed-in person; only below the shell, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meOptions).data;
}

/** Whether the signed-in person may do something. */
export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission);
}

export const usersOptions = () => ({ ...listUsersOptions(), staleTime: 5 * 60_000 });
export const teamsOptions = () => ({ ...listTeamsOptions(), staleTime: 5 * 60_000 });

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    ...signInMutation(),
    onSuccess: (me) => {
      setCsrfToken(me.csrf_token);
      queries.setQueryData(meOptions.queryKey, me);
    },
  });
}

export function useSignOut() {
  return useMutation({ ...signOutMutation(), onSettled: () => window.location.assign("/sign-in") });
}
