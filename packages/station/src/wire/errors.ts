import { STATUS_CODES } from "node:http";
import type { Fault } from "@detente/basics";

const PROBLEM_TYPE = "application/problem+json";

/** What our own routes answer at an error (RFC 9457); C2SP's routes have forms of their own. */
export interface Problem {
  /** Always `about:blank`: the status says all that HTTP needs (RFC 9457 §4.2.1), `code` is for programs. */
  readonly type: "about:blank";
  /** The status in words. */
  readonly title: string;
  readonly status: number;
  /** What went wrong here, for a person. */
  readonly detail: string;
  /** From a closed set; stable across versions. */
  readonly code: string;
  /** What the person can do about it. */
  readonly remedy?: string;
}

/** @internal */
export function problem(status: number, fault: Fault, remedy?: string): Problem {
  return {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail: fault.message,
    code: fault.code,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

export interface ProblemOptions {
  readonly remedy?: string;
  /** Seconds; whole, at least 1. */
  readonly retryAfter?: number;
  /** Set where the request's body was not read to its end. */
  readonly closeConnection?: boolean;
}

export function problemResponse(status: number, fault: Fault, options: ProblemOptions = {}): Response {
  const headers = new Headers({ "content-type": PROBLEM_TYPE, "cache-control": "no-store" });
  if (options.retryAfter !== undefined) headers.set("retry-after", String(options.retryAfter));
  if (options.closeConnection === true) headers.set("connection", "close");
  return new Response(JSON.stringify(problem(status, fault, options.remedy)), { status, headers });
}
