import { type Bytes, collect, concatBytes, fromHex, present, toHex, utf8Decode } from "@detente/basics";
import { type Audience, isAudience, isHeadsLeaf, parseLeaf } from "@detente/record";
import { openCheckpoint } from "@detente/tlog";
import { type BundleLog, writeBundle } from "@detente/unit";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { audienceOf } from "./statements.ts";

/**
 * The record as one file that a third person verifies with no station: every log up to a signed head, the charter, and
 * the bodies that all readers of the file may read.
 * @param readers "unit", or names of parties joined by commas
 */
export function exportRecord(
  station: Station,
  unit: UnitRuntime,
  readers: string,
  withBlobs: boolean,
): AsyncIterable<string> {
  const names = readers.split(",").sort();
  const audience: Audience = readers !== "unit" && isAudience(names) ? names : "unit";
  return writeBundle({
    audience,
    charter: unit.archive.fold.charter().founding.document,
    logs: logs(station, unit),
    bodies: bodies(station, unit),
    blobs: withBlobs ? blobs(station, unit, audience) : [],
  });
}

function* logs(station: Station, unit: UnitRuntime): Generator<BundleLog> {
  for (const origin of unit.archive.origins()) {
    const log = unit.archive.log(origin);
    if (log?.head === undefined) continue;
    const note = origin === station.own.origin ? unit.cosignatures.checkpoint(log.head) : log.head.note;
    const opened = openCheckpoint(note, origin, unit.membership.pastVerifiers(origin));
    if (!opened.ok) continue;
    yield { origin, checkpoint: utf8Decode(note) ?? "", entries: log.entries(0, opened.value.checkpoint.size) };
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
