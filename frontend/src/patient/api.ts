import type { PatientPageOut } from "../api/generated";

export type PatientPage = PatientPageOut;

const ROOT = "/api/v1/public/";
const PATIENCE_MS = [1000, 3000];

let csrfToken = "";

/** Why the server refused, by `type`; the page has its own words for each. `unreachable`: no answer came. */
export class PatientProblem extends Error {
  readonly type: string;
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.type === "string" ? body.type : "unreachable");
    this.type = this.message;
    this.status = status;
    this.body = body;
  }
}

/** The type of any thrown thing. */
export function problemType(error: unknown): string {
  return error instanceof PatientProblem ? error.type : "unreachable";
}

/** A key for one thing the patient does; a repeat with the same key changes nothing. */
export function newKey(): string {
  const bytes = new Uint8Array(16);
  crypto.getRandomValues(bytes);
  let key = "";
  for (let at = 0; at < bytes.length; at += 1) key += `0${bytes[at]?.toString(16)}`.slice(-2);
  return key;
}

/** Headers of every request: whose page asks. */
export function headers(key?: string): Record<string, string> {
  return { ...(csrfToken && { "X-CSRF-Token": csrfToken }), ...(key && { "Idempotency-Key": key }) };
}

/** Remember whose page this is. */
export function opened<Page extends { csrf_token: string }>(page: Page): Page {
  csrfToken = page.csrf_token;
  return page;
}

/** Read from the server; a lost connection is tried again by itself. */
export function get<T>(path: string): Promise<T> {
  return patiently(() => call<T>("GET", path));
}

/** Send to the server. With a `key` a lost connection is tried again by itself: nothing is done twice. */
export function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  const send = () => call<T>("POST", path, body, key);
  return key ? patiently(send) : send();
}

/** Change what the server holds; sending it again changes nothing more. */
export function put<T>(path: string, body: unknown): Promise<T> {
  return patiently(() => call<T>("PUT", path, body));
}

/** Change a part. The caller repeats it; `leaving`: the page goes away, and nobody waits for the answer. */
export function patch<T>(path: string, body: unknown, leaving = false): Promise<T> {
  return call<T>("PATCH", path, body, undefined, leaving);
}

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  key?: string,
  leaving = false,
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      keepalive: leaving,
      headers: { ...headers(key), ...(body !== undefined && { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new PatientProblem(0, {});
  }
  return read<T>(answer.status, await answer.text().catch(() => ""));
}

/** The answer's body, or the problem it is. */
export function read<T>(status: number, text: string): T {
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new PatientProblem(status, {});
  }
  if (status >= 200 && status < 300) return body as T;
  throw new PatientProblem(status, (body ?? {}) as Record<string, unknown>);
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const wait of PATIENCE_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!worthRepeating(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return attempt();
}

function worthRepeating(error: unknown): boolean {
  return error instanceof PatientProblem && (error.status === 0 || error.status >= 502);
}
