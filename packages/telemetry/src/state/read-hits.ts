import type { OpenFile } from "@detente/store";
import type { HitRecord } from "../hit-record.ts";

/** Hits of the journal, and the place behind them. */
export interface HitBatch<Ref> {
  readonly hits: readonly HitRecord<Ref>[];
  /** Bytes from the journal's beginning. */
  readonly end: number;
}

/** So much of the journal is read at once. */
const BATCH_BYTES = 1 << 20;

/**
 * Reads a journal of hits.
 * @param from bytes: 0, or the end of a batch
 * @param kept how many of its bytes are kept; they end with a line end
 */
export async function* readHits<Ref>(
  journal: Pick<OpenFile, "read">,
  from: number,
  kept: () => number,
): AsyncGenerator<HitBatch<Ref>> {
  let length = BATCH_BYTES;
  for (let at = from; at < kept();) {
    const bytes = await journal.read(Math.min(length, kept() - at), at);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end === 0) {
      // A hit that is longer than a batch.
      length *= 2;
      continue;
    }
    const lines = Buffer.from(bytes.subarray(0, end)).toString().split("\n").slice(0, -1);
    at += end;
    yield { hits: lines.map((line) => JSON.parse(line) as HitRecord<Ref>), end: at };
  }
}
