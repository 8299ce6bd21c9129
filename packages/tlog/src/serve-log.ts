import type { Bytes } from "@detente/basics";
import { parseEntriesPath, parseTilePath } from "./tile-path.ts";
import { refusal, type WireRequest, type WireResponse } from "./wire.ts";

/** A log as it is shown to the public, one's own or a mirrored one. */
export interface ServedLog {
  /** Its newest checkpoint; undefined before there is one. */
  readonly head: { readonly note: Bytes } | undefined;
  /** The tile of `width` 1..256 hashes; undefined where the tree has no such tile. */
  tile(level: number, index: number, width: number): Promise<Bytes | undefined>;
  /** The bundle of `width` 1..256 entries; undefined where there is none. */
  entryBundle(index: number, width: number): Promise<Bytes | undefined>;
}

const FOR_EVER = "public, max-age=31536000, immutable";

/** Answers a GET below a log's prefix: `/checkpoint`, `/tile/<level>/<index>[.p/<width>]`, `/tile/entries/…` (c2sp.org/tlog-tiles). */
export async function serveLog(request: WireRequest, log: ServedLog): Promise<WireResponse> {
  if (request.method !== "GET") return refusal(405, "a log is only read here");
  const path = request.path.slice(1);
  if (path === "checkpoint") {
    if (log.head === undefined) return refusal(404, "this log has no checkpoint yet");
    return found("text/plain; charset=utf-8", "no-cache", log.head.note);
  }
  const content = await contentAt(path, log);
  return content === undefined
    ? refusal(404, "this log has no such tile")
    : found("application/octet-stream", FOR_EVER, content);
}

async function contentAt(path: string, log: ServedLog): Promise<Bytes | undefined> {
  const bundle = parseEntriesPath(path);
  if (bundle.ok) return log.entryBundle(bundle.value.index, bundle.value.width);
  const tile = parseTilePath(path);
  return tile.ok ? log.tile(tile.value.level, tile.value.index, tile.value.width) : undefined;
}

function found(type: string, caching: string, body: Bytes): WireResponse {
  return { status: 200, headers: { "content-type": type, "cache-control": caching }, body };
}
