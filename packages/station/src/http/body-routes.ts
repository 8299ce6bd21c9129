import { type Bytes, fromHex } from "@detente/basics";
import type { BlobReader, BodyReader } from "@detente/store";
import { Hono } from "hono";
import { type BodyAnswer, formatBodies, MAX_DIGESTS, parseDigests } from "../wire/body-frames.ts";
import { problemResponse } from "../wire/errors.ts";
import { type MemberAccess, membersOnly, type MemberVariables } from "./members.ts";

/** Who may have what; asked for each body and blob. It fails closed. */
export interface Entitlements {
  mayHaveBody(party: string, body: Bytes): boolean;
  mayHaveBlob(party: string, digest: Bytes): boolean;
}

export interface BodyServices {
  readonly access: MemberAccess;
  /** The budget of requests for bodies, apart from that of all else. */
  readonly asking: MemberAccess;
  readonly bodies: BodyReader;
  readonly blobs: BlobReader;
  readonly entitlements: Entitlements;
}

/** Bytes of bodies in one answer, beyond the first body. */
const FULL_ANSWER = 1 << 23;

/**
 * Bodies and blobs for those whom they are for. To everyone else they do not exist: the answer is the same as for a
 * digest that was never seen.
 */
export function bodyRoutes({ access, asking, bodies, blobs, entitlements }: BodyServices): Hono<MemberVariables> {
  const app = new Hono<MemberVariables>();

  app.post("/bodies", membersOnly(asking, 32 * MAX_DIGESTS), async (c) => {
    const digests = parseDigests(c.var.body);
    if (digests === undefined) {
      return problemResponse(400, {
        code: "bad-request",
        message: `send 1 to ${MAX_DIGESTS} digests of 32 bytes each`,
      });
    }
    const answers: BodyAnswer[] = [];
    let length = 0;
    for (const digest of digests) {
      if (length >= FULL_ANSWER) {
        answers.push("later");
        continue;
      }
      const body = bodies.has(digest) ? await bodies.get(digest) : undefined;
      const given = body !== undefined && entitlements.mayHaveBody(c.var.member, body) ? body : "absent";
      if (given !== "absent") length += given.length;
      answers.push(given);
    }
    return new Response(Uint8Array.from(formatBodies(answers)), {
      headers: { "content-type": "application/octet-stream" },
    });
  });

  app.get("/blobs/:digest{[0-9a-f]{64}}", membersOnly(access, 0), async (c) => {
    const digest = fromHex(c.req.param("digest")) as Bytes;
    const blob = entitlements.mayHaveBlob(c.var.member, digest) ? await blobs.get(digest) : undefined;
    if (blob === undefined) return problemResponse(404, { code: "not-found", message: "no such blob here" });
    return new Response(ReadableStream.from(blob.content) as ReadableStream<Uint8Array<ArrayBuffer>>, {
      headers: { "content-type": "application/octet-stream", "content-length": String(blob.size) },
    });
  });

  return app;
}
