/** What the server says when it refuses (RFC 9457), as an error to throw and to show. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly currentVersion: number | null;
  readonly leadId: string | null;
  readonly errors: { pointer: string; detail: string }[];
  /** Everything it said, for those who know the type. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.detail === "string" ? body.detail : "The server could not be reached. Try again.");
    this.status = status;
    this.body = body;
    this.type = typeof body.type === "string" ? body.type : "unreachable";
    this.currentVersion = typeof body.current_version === "number" ? body.current_version : null;
    this.leadId = typeof body.lead_id === "string" ? body.lead_id : null;
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }
}

/** Any thrown thing as a problem. */
export function problemOf(error: unknown, status = 0): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const body = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  return new ApiProblem(status || (typeof body.status === "number" ? body.status : 0), body);
}
