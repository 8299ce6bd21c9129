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
import { problemResponse } from "../wire/errors.ts";
import type { Strangers } from "../wire/strangers.ts";
import { anyone, type MemberAccess, membersOnly, type MemberVariables, tooMany, unsignedBody } from "./members.ts";
import { shown } from "./shown.ts";
import { fromWireResponse, toWireRequest } from "./wire-adapter.ts";

export interface LogServices {
  readonly access: MemberAccess;
  /** The budget of uploads to the mirror, apart from that of all else. */
  readonly uploads: MemberAccess;
  /** Whether anyone may read this station's log and what it witnesses and mirrors. */
  readonly isPublic: boolean;
  readonly own: ServedLog;
  readonly witness: Witness;
  readonly mirror: Mirror;
  /** Budgets of requests that no member signed: to read where that is public, and to submit to the witness. */
  readonly strangers: { readonly reading: Strangers; readonly submitting: Strangers };
  /** Whether the log with this `originHash` lies outside the unit: what is witnessed of it is public in any case. */
  readonly isOutside: (hash: string) => boolean;
  /** Whether the log with this `originHash` is the party's own: what a party that is only invited may read of it. */
  readonly isOwn: (party: string, hash: string) => boolean;
  /** Why this witness may not cosign the log now, where it may not. */
  readonly withheld: (origin: string | undefined) => Promise<string | undefined>;
  /** Why this mirror may not cosign a head of that size now, where it may not. */
  readonly mirrorWithheld: (origin: string, size: number) => string | undefined;
  /** Called when a member asks what this witness holds of the log with this `originHash`. */
  readonly onAsked: (member: string | undefined, hash: string) => void;
  /** Runs a job that writes a mirrored log while no other does. */
  readonly inTurn: <T>(origin: string, job: () => Promise<T>) => Promise<T>;
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
  const { access, uploads, isPublic, own, witness, mirror, strangers } = services;
  const app = new Hono<MemberVariables>();
  const everyone = anyone(access, strangers.reading);
  const readers = isPublic
    ? everyone
    : membersOnly(access, 0, (c, guest) => services.isOwn(guest, c.req.path.split("/", 3)[2] ?? ""));
  const witnessReaders: MiddlewareHandler<MemberVariables> = (c, next) =>
    (services.isOutside(c.req.path.split("/", 3)[2] ?? "") ? everyone : readers)(c, next);

  app.get("/log/*", readers, async (c) => shown(c, await serveLog(read(c, "/log"), own), isPublic));

  // The log's own signature says who speaks, so that any C2SP log that this witness knows can ask it.
  app.post("/witness/:action{add-checkpoint|sign-subtree}", anyone(access, strangers.submitting), async (c) => {
    const body = await unsignedBody(c, MAX_WITNESS_REQUEST);
    if (body instanceof Response) return body;
    const withheld = await services.withheld(originOf(body));
    // No Retry-After: it would put off all that the peer asks here, and the answers that this station waits for itself.
    if (withheld !== undefined) return problemResponse(503, { code: "witness-behind", message: withheld });
    return fromWireResponse(await witness.handle(toWireRequest(c.req.raw, "/witness", body)));
  });
  app.get("/witness/*", witnessReaders, async (c) => {
    services.onAsked(c.get("member"), c.req.path.split("/", 3)[2] ?? "");
    return shown(c, await witness.handle(read(c, "/witness")), isPublic);
  });

  app.post("/mirror/add-checkpoint", membersOnly(access, MAX_WITNESS_REQUEST, anyGuest), async (c) =>
    fromWireResponse(await mirror.handle(toWireRequest(c.req.raw, "/mirror", c.var.body))),
  );
  app.post("/mirror/add-entries", membersOnly(uploads, MAX_UPLOAD, anyGuest), async (c) => {
    const request = toWireRequest(c.req.raw, "/mirror", c.var.body);
    const encoding = request.headers["content-encoding"] ?? "identity";
    const packed = encoding === "gzip";
    if (!packed && encoding !== "identity") return fromWireResponse(await mirror.handle(request));
    const body = packed ? await gunzipWithin(request.body, MAX_UPLOAD) : request.body;
    const parsed = body === undefined ? undefined : parseUploadHeader(body);
    if (body === undefined || !parsed?.ok) {
      const message =
        parsed?.ok === false ? parsed.fault.message : `not gzip, or longer than ${MAX_UPLOAD} bytes unpacked`;
      return problemResponse(400, { code: "bad-upload", message });
    }
    const { origin, start, end } = parsed.value.header;
    const withheld = services.mirrorWithheld(origin, end);
    if (withheld !== undefined) return problemResponse(503, { code: "mirror-behind", message: withheld });
    const offered = Math.max(0, Math.min(end - start, MAX_UPLOADED));
    const spending = uploads.budgets.spend(uploads.accountOf(c.var.member), "statements", offered);
    if (!spending.allowed) return tooMany(spending);
    const { "content-encoding": _, ...headers } = request.headers;
    const response = await services.inTurn(origin, () => mirror.handle({ ...request, headers, body }));
    services.onMirrored(origin);
    return fromWireResponse({ ...response, headers: { ...response.headers, "accept-encoding": "gzip" } });
  });
  app.get("/mirror/*", readers, async (c) => shown(c, await mirror.handle(read(c, "/mirror")), isPublic));

  return app;
}

/** A party that is to join accepts first, so the members take in its log. */
const anyGuest = (): boolean => true;

/** The routes answer HEAD as they answer GET; the server then leaves the body out. */
function read(c: Context, prefix: string): ReturnType<typeof toWireRequest> {
  return { ...toWireRequest(c.req.raw, prefix, new Uint8Array(0)), method: "GET" };
}

/** The origin line of the checkpoint in a request to the witness; unverified, and only used to withhold. */
function originOf(body: Bytes): string | undefined {
  const text = new TextDecoder().decode(body);
  return text.slice(text.indexOf("\n\n") + 2).split("\n", 1)[0];
}
