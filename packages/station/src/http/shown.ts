import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { WireResponse } from "@detente/tlog";
import type { Context } from "hono";
import { fromWireResponse } from "./wire-adapter.ts";

const pack = promisify(gzip);

/**
 * What is shown of a log, as HTTP has it: bundles of entries packed for whoever takes gzip (tiles of hashes do not get
 * smaller), and, where anyone may read, open to verifiers in a web page. What only members may read is kept by no
 * shared cache.
 */
export async function shown(c: Context, answer: WireResponse, isPublic: boolean): Promise<Response> {
  const response = fromWireResponse(answer);
  const { headers } = response;
  const caching = headers.get("cache-control") ?? "no-cache";
  headers.set("cache-control", isPublic ? caching : caching.replace("public", "private"));
  if (isPublic) headers.set("access-control-allow-origin", "*");
  if (answer.status !== 200 || !c.req.path.includes("/tile/entries/")) return response;
  headers.set("vary", "accept-encoding");
  if (!takesGzip(c.req.header("accept-encoding") ?? "")) return response;
  headers.set("content-encoding", "gzip");
  return new Response(Uint8Array.from(await pack(answer.body)), { headers });
}

function takesGzip(accepted: string): boolean {
  return accepted.split(",").some((coding) => /^\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}
