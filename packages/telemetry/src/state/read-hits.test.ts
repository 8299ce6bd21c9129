import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { nodeFileSystem } from "@detente/store";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type HitBatch, readHits } from "./read-hits.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(`${tmpdir()}/detente-read-hits-`);
});
afterAll(() => rm(dir, { recursive: true }));

/** What a journal gives whose hits have matches of these lengths, from the end of the batch with this number on. */
async function read(lengths: readonly number[], skip = 0): Promise<{ hits: unknown[]; batches: HitBatch<null>[] }> {
  const bytes = Buffer.from(lengths.map((length, i) => `{"line":${i},"match":"${"é".repeat(length)}"}\n`).join(""));
  const file = await nodeFileSystem.open(`${dir}/hits.jsonl`, "create");
  // What stands behind is not kept.
  await file.write(Buffer.concat([bytes, Buffer.from('{"line":')]), 0);
  const batches: HitBatch<null>[] = [];
  for await (const batch of readHits<null>(file, 0, () => bytes.length)) batches.push(batch);
  const from = batches[skip - 1]?.end ?? 0;
  const hits: unknown[] = [];
  for await (const batch of readHits<null>(file, from, () => bytes.length)) hits.push(...batch.hits);
  await file.close();
  return { hits, batches };
}

it("gives every hit once and in order, from any batch's end on, also those that are longer than a batch", async () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 400_000, max: 900_000 }));
  await fc.assert(
    fc.asyncProperty(fc.array(length, { maxLength: 6 }), fc.nat({ max: 3 }), async (lengths, skip) => {
      const { hits, batches } = await read(lengths, skip);
      const all = batches.flatMap((batch) => batch.hits);
      expect(all.map(({ line, match }) => [line, match.length])).toEqual(lengths.map((one, i) => [i, one]));
      const skipped = batches.slice(0, Math.min(skip, batches.length)).flatMap((batch) => batch.hits);
      expect(hits).toEqual(skip > batches.length ? all : all.slice(skipped.length));
    }),
    { numRuns: 12 },
  );
});
