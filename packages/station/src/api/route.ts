import { type Fault, type Json, type Result } from "@detente/basics";
import { type Static, type TObject, type TProperties, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Scope } from "../vocabulary.ts";

/** What a handler of the local interface gives: JSON, or lines of text as they come. */
type ApiAnswer = { readonly json: unknown } | { readonly lines: AsyncIterable<string> };

/** A fault with the status that says what kind it is. */
interface ApiFault extends Fault {
  readonly status: 400 | 404 | 409 | 503;
}

export type ApiResult =
  | { readonly ok: true; readonly value: ApiAnswer }
  | { readonly ok: false; readonly fault: ApiFault };

/** The media type of what a route answers where it can. */
type Gives = "application/json" | typeof JSON_LINES;

export const JSON_LINES = "application/jsonl";

export interface Route {
  readonly method: "get" | "post";
  /** With parameters as in `/api/statements/:hash`. */
  readonly path: string;
  readonly summary: string;
  /** The scope of a token that may ask this; without it the officer alone may. */
  readonly scope: Scope | undefined;
  readonly query: TObject;
  readonly body: TSchema | undefined;
  /** Bytes of the request's body at most. */
  readonly maxBody: number;
  readonly gives: Gives;
  /** The input has passed the schemas. */
  readonly run: (input: {
    params: Record<string, string>;
    query: Record<string, string>;
    body: Json;
  }) => Promise<ApiResult>;
}

interface RouteSpec<Query extends TProperties, Body extends TSchema> {
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly scope?: Scope;
  readonly query?: Query;
  readonly body?: Body;
  readonly maxBody?: number;
  /** By default one JSON document. */
  readonly gives?: Gives;
  readonly run: (input: {
    readonly params: Record<string, string>;
    readonly query: Static<TObject<Query>>;
    readonly body: Static<Body>;
  }) => Promise<ApiResult>;
}

/** One route; the schemas check its input and describe it in the OpenAPI document. */
export function route<Query extends TProperties, Body extends TSchema>(spec: RouteSpec<Query, Body>): Route {
  const query = Type.Object(spec.query ?? {}, { additionalProperties: false });
  const checkQuery = Compile(query);
  const checkBody = spec.body === undefined ? undefined : Compile(spec.body);
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    scope: spec.scope,
    query,
    body: spec.body,
    maxBody: spec.maxBody ?? 1 << 20,
    gives: spec.gives ?? "application/json",
    async run({ params, query: given, body }) {
      if (!checkQuery.Check(given)) return bad(`query${flaw(checkQuery.Errors(given))}`);
      if (checkBody !== undefined && !checkBody.Check(body)) return bad(`body${flaw(checkBody.Errors(body))}`);
      return spec.run({ params, query: given as Static<TObject<Query>>, body: body as Static<Body> });
    },
  };
}

export function json(value: unknown): ApiResult {
  return { ok: true, value: { json: value } };
}

/** JSON Lines, each already a text. */
export function lines(source: AsyncIterable<string>): ApiResult {
  return { ok: true, value: { lines: source } };
}

/** JSON Lines, a row each. */
export function jsonLines(rows: AsyncIterable<unknown> | Iterable<unknown>): ApiResult {
  return lines(asText(rows));
}

async function* asText(rows: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield JSON.stringify(row);
}

export function notFound(message: string): ApiResult {
  return { ok: false, fault: { code: "not-found", message, status: 404 } };
}

/** A service's result as an answer; faults that are not the caller's are told by their code. */
export function answer(result: Result<unknown>): ApiResult {
  return result.ok
    ? json(result.value)
    : { ok: false, fault: { ...result.fault, status: statusOf(result.fault.code) } };
}

function statusOf(code: string): ApiFault["status"] {
  if (code === "not-ready" || code === "storage-failed" || code === "unreachable") return 503;
  if (code === "not-found" || code === "no-set" || code === "not-asked") return 404;
  return code === "no-unit" || code === "not-a-member" || code === "conflict" ? 409 : 400;
}

function bad(message: string): ApiResult {
  return { ok: false, fault: { code: "bad-request", message, status: 400 } };
}

function flaw(errors: readonly { readonly instancePath: string; readonly message: string }[]): string {
  const [first] = errors;
  return `${first?.instancePath ?? ""} ${first?.message ?? "is malformed"}`;
}
