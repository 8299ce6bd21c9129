import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Bytes } from "@detente/basics";
import {
  MAX_WITNESS_REQUEST,
  type Mirror,
  parseUploadHeader,
  serveLog,
  type ServedLog,
  type Witness,
} from "@detente/tlog";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Budgets } from "../wire/budget.ts";
import { problemResponse } from "../wire/errors.ts";
import { type MemberAccess, membersOnly, type MemberVariables, tooMany, unsignedBody } from "./members.ts";
import { fromWireResponse, toWireRequest } from "./wire-adapter.ts";

export interface LogServices {
  readonly access: MemberAccess;
  /** Whether anyone may read this station's log and what it witnesses and mirrors. */
  readonly isPublic: boolean;
  readonly own: ServedLog;
  readonly witness: Witness;
  readonly mirror: Mirror;
  /** For requests that nobody signed: to the witness, and for reading where that is public. */
  readonly strangers: Budgets;
  /** Why this witness may not cosign the log now, where it may not. */
  readonly withheld: (origin: string | undefined) => Promise<string | undefined>;
  /** Called when a mirrored log may have grown. */
  readonly onMirrored: (origin: string) => void;
}

/** Bytes of an upload to the mirror, unpacked: 32 packages of entries are far less. */
export const MAX_UPLOAD: number = 1 << 26;

/** As many entries as one upload may bring: 32 packages of 256. */
const MAX_UPLOADED = 8192;

const unpack = promisify(gunzip);

export async function gunzipWithin(body: Bytes, limit: number): Promise<Bytes | undefined> {
  return unpack(body, { maxOutputLength: limit }).catch(() => undefined);
}

/** The log's protocols: own tiles below `/log`, the witness below `/witness`, the mirror below `/mirror`. */
export function logRoutes(services: LogServices): Hono<MemberVariables> {
  const { access, isPublic, own, witness, mirror, strangers } = services;
  const app = new Hono<MemberVariables>();
  const readers = isPublic ? anyone(strangers) : membersOnly(access, 0);

  app.get("/log/*", readers, async (c) => fromWireResponse(await serveLog(read(c, "/log"), own)));

  // The log's own signature says who speaks, so that any C2SP log that this witness knows can ask it.
  app.post("/witness/:action{add-checkpoint|sign-subtree}", anyone(strangers), async (c) => {
    const body = await unsignedBody(c, MAX_WITNESS_REQUEST);
    if (body instanceof Response) return body;
    const withheld = await services.withheld(originOf(body));
    if (withheld !== undefined)
      return problemResponse(503, { code: "witness-behind", message: withheld }, { retryAfter: 5 });
    return fromWireResponse(await witness.handle(toWireRequest(c.req.raw, "/witness", body)));
  });
  app.get("/witness/*", readers, async (c) => fromWireResponse(await witness.handle(read(c, "/witness"))));

  app.post("/mirror/add-checkpoint", membersOnly(access, MAX_WITNESS_REQUEST), async (c) =>
    fromWireResponse(await mirror.handle(toWireRequest(c.req.raw, "/mirror", c.var.body))),
  );
  app.post("/mirror/add-entries", membersOnly(access, MAX_UPLOAD), async (c) => {
    const request = toWireRequest(c.req.raw, "/mirror", c.var.body);
    const packed = request.headers["content-encoding"] === "gzip";
    const body = packed ? await gunzipWithin(request.body, MAX_UPLOAD) : request.body;
    const parsed = body === undefined ? undefined : parseUploadHeader(body);
    if (body === undefined || !parsed?.ok) {
      const message =
        parsed?.ok === false ? parsed.fault.message : `not gzip, or longer than ${MAX_UPLOAD} bytes unpacked`;
      return problemResponse(400, { code: "bad-upload", message });
    }
    const { origin, start, end } = parsed.value.header;
    const offered = Math.max(0, Math.min(end - start, MAX_UPLOADED));
    const spending = access.budgets.spend(c.var.member, "statements", offered);
    if (!spending.allowed) return tooMany(spending);
    const { "content-encoding": _, ...headers } = request.headers;
    const response = await mirror.handle({ ...request, headers, body });
    services.onMirrored(origin);
    return fromWireResponse(response);
  });
  app.get("/mirror/*", readers, async (c) => fromWireResponse(await mirror.handle(read(c, "/mirror"))));

  return app;
}

/** All strangers share one budget: who they are is not known. */
function anyone(strangers: Budgets): MiddlewareHandler<MemberVariables> {
  return async (_, next) => {
    const entry = strangers.enter("strangers");
    if (!entry.allowed) return tooMany(entry);
    await next().finally(entry.leave);
    return;
  };
}

function read(c: Context, prefix: string): ReturnType<typeof toWireRequest> {
  return toWireRequest(c.req.raw, prefix, new Uint8Array(0));
}

/** The origin line of the checkpoint in a request to the witness; unverified, and only used to withhold. */
function originOf(body: Bytes): string | undefined {
  const text = new TextDecoder().decode(body);
  return text.slice(text.indexOf("\n\n") + 2).split("\n", 1)[0];
}
