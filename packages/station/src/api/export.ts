import {
  type Bytes,
  collect,
  concatBytes,
  err,
  type Fault,
  fromHex,
  ok,
  present,
  type Result,
  toHex,
  utf8Decode,
} from "@detente/basics";
import { type Audience, isAudience, isHeadsLeaf, parseLeaf } from "@detente/record";
import { type BundleLog, writeBundle } from "@detente/unit";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { bestCheckpoint } from "./best-checkpoint.ts";
import { audienceOf } from "./statements.ts";

/**
 * Who may read an export: "unit", or names of parties joined by commas. Fails closed: what is neither is refused, not
 * taken for the whole unit.
 */
export function parseReaders(text: string): Result<Audience, Fault<"bad-audience">> {
  if (text === "unit") return ok(text);
  const names = text.split(",").sort();
  return isAudience(names)
    ? ok(names)
    : err("bad-audience", `audience: "${text}" is neither unit nor a list of parties`);
}

/**
 * The record as one file that a third person verifies with no station: every log up to a signed head, the charter, and
 * the bodies that all readers of the file may read.
 */
export function exportRecord(
  station: Station,
  unit: UnitRuntime,
  readers: Audience,
  withBlobs: boolean,
): AsyncIterable<string> {
  return writeBundle({
    audience: readers,
    charter: unit.archive.fold.charterInForce().founding,
    logs: logs(station, unit),
    bodies: bodies(station, unit),
    blobs: withBlobs ? blobs(station, unit, readers) : [],
  });
}

async function* logs(station: Station, unit: UnitRuntime): AsyncGenerator<BundleLog> {
  for (const origin of unit.archive.origins()) {
    const log = unit.archive.log(origin);
    const best = await bestCheckpoint(station, unit, origin, 0);
    if (log === undefined || best === undefined) continue;
    yield { origin, checkpoint: utf8Decode(best.note) ?? "", entries: log.entries(0, best.size) };
  }
}

async function* bodies(station: Station, unit: UnitRuntime): AsyncGenerator<Bytes> {
  for (const origin of unit.archive.origins()) {
    const log = unit.archive.log(origin);
    if (log === undefined) continue;
    for await (const entry of log.entries(0, log.size)) {
      const leaf = parseLeaf(entry);
      if (!leaf.ok || isHeadsLeaf(leaf.value)) continue;
      const digest = present(fromHex(leaf.value.body), "a digest in hex");
      const body = station.bodies.has(digest) ? await station.bodies.get(digest) : undefined;
      if (body !== undefined) yield body;
    }
  }
}

async function* blobs(station: Station, unit: UnitRuntime, readers: Audience): AsyncGenerator<Bytes> {
  const given = new Set<string>();
  for (const { audience, content } of unit.indexer.shares()) {
    const digest = present(fromHex(content.items.digest), "a digest in hex");
    if (given.has(toHex(digest)) || !covers(audienceOf(audience), readers)) continue;
    const blob = await station.blobs.get(digest);
    if (blob === undefined) continue;
    given.add(toHex(digest));
    yield concatBytes(...(await collect(blob.content)));
  }
}

function covers(audience: Audience, readers: Audience): boolean {
  return audience === "unit" || (readers !== "unit" && readers.every((reader) => audience.includes(reader)));
}
