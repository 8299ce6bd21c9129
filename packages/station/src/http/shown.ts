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
  const caching = answer.headers["cache-control"] ?? "no-cache";
  const headers = {
    ...answer.headers,
    "cache-control": isPublic ? caching : caching.replace("public", "private"),
    ...(isPublic ? { "access-control-allow-origin": "*" } : {}),
  };
  if (answer.status !== 200 || !c.req.path.includes("/tile/entries/")) return fromWireResponse({ ...answer, headers });
  const varying = { ...headers, vary: "accept-encoding" };
  if (!takesGzip(c.req.header("accept-encoding") ?? "")) return fromWireResponse({ ...answer, headers: varying });
  return fromWireResponse({
    ...answer,
    headers: { ...varying, "content-encoding": "gzip" },
    body: await pack(answer.body),
  });
}

function takesGzip(accepted: string): boolean {
  return accepted.split(",").some((coding) => /^\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}
