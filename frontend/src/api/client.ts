import { client } from "./generated/client.gen";
import { ApiProblem, problemOf } from "./problem";

let csrfToken = "";
const mine = new Set<string>();

/** The CSRF token of the session, sent back with every unsafe request. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The CSRF header, for the few requests made without the generated client. */
export function csrfHeader(): Record<string, string> {
  return csrfToken ? { "X-CSRF-Token": csrfToken } : {};
}

/** A fresh id for a change made here; live events that carry it are our own echo. */
export function newMutationId(): string {
  const id = crypto.randomUUID();
  mine.add(id);
  if (mine.size > 200) mine.delete(mine.values().next().value as string);
  return id;
}

/** Whether a live event tells of a change made here. */
export function isMine(mutationId: string | null): boolean {
  return mutationId !== null && mine.has(mutationId);
}

/** Set up the generated client once, before the first request. */
export function configureClient(): void {
  client.setConfig({ baseUrl: "", throwOnError: true, credentials: "same-origin" });
  client.interceptors.request.use((request) => {
    if (request.method !== "GET" && csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  });
  client.interceptors.error.use((error, response) => {
    const status = response?.status ?? 0;
    return error instanceof ApiProblem ? error : problemOf(error, status);
  });
}
