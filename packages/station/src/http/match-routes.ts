import { Hono } from "hono";
import { MAX_BATCH } from "@detente/match";
import type { LookupFault } from "../matching/answering.ts";
import type { Matching } from "../matching/matching.ts";
import { EDITION_FILES, type EditionFile } from "../matching/set-files.ts";
import { problemResponse } from "../wire/errors.ts";
import { type MemberAccess, membersOnly, type MemberVariables } from "./members.ts";

/** The longest request (docs/formats.md, Look-up). */
const MAX_REQUEST: number = 126 + 32 * MAX_BATCH;
const BYTES = { "content-type": "application/octet-stream" } as const;

const STATUS: Readonly<Record<LookupFault["code"], 400 | 403 | 404 | 409 | 429>> = {
  "bad-request": 400,
  "bad-element": 400,
  "other-set": 404,
  "out-of-step": 409,
  "not-countersigned": 409,
  "budget-exhausted": 403,
  "pool-exhausted": 403,
  "held-up": 429,
};

/**
 * This party's match set for those whom it is for: each gets its own files, and its answers within its budget. To
 * everyone else no set exists.
 * @param asking the access of look-ups: few at once, since each takes a thread
 */
export function matchRoutes(access: MemberAccess, asking: MemberAccess, matching: Matching): Hono<MemberVariables> {
  const app = new Hono<MemberVariables>();
  app.post("/match/lookup", membersOnly(asking, MAX_REQUEST), async (c) => {
    const answered = await matching.answering.answer(c.var.member, c.var.body);
    if (!answered.ok) return problemResponse(STATUS[answered.fault.code], answered.fault);
    return new Response(Uint8Array.from(answered.value), { headers: BYTES });
  });
  app.get("/match/:set{[0-9a-f]{64}}/key", membersOnly(access, 0), async (c) => {
    const key = await matching.partnerKey(c.req.param("set"), c.var.member);
    return key === undefined ? absent() : new Response(Uint8Array.from(key), { headers: BYTES });
  });
  app.get("/match/:set{[0-9a-f]{64}}/:sequence{[0-9]{1,15}}/:file", membersOnly(access, 0), async (c) => {
    const name = c.req.param("file");
    if (!isEditionFile(name)) return absent();
    const file = await matching.file(c.req.param("set"), c.var.member, Number(c.req.param("sequence")), name);
    if (file === undefined) return absent();
    return new Response(ReadableStream.from(file.content) as ReadableStream<Uint8Array<ArrayBuffer>>, {
      headers: { ...BYTES, "content-length": String(file.size) },
    });
  });
  return app;
}

function isEditionFile(name: string): name is EditionFile {
  return EDITION_FILES.some((file) => file === name);
}

function absent(): Response {
  return problemResponse(404, { code: "not-found", message: "nothing of a match set is here for this party" });
}
