import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import type { Hit, LogFormat, ScreeningSummary } from "../hit.ts";
import { createScreener, type Screener } from "../screener.ts";
import { NASTY_ITEMS, nastyLogs } from "../testing/nasty-logs.ts";
import { imageIndex } from "../testing/sieve.ts";
import { createSieveScreener } from "./sieve-screener.ts";

/** Some indicators make the sieve more watchful than it is without them, so it must hold without them as well. */
const WATCHFUL = /weird|localhost|https:\/\/xn--/;
const SETS = [
  NASTY_ITEMS,
  NASTY_ITEMS.filter(({ value }) => !WATCHFUL.test(value)),
  NASTY_ITEMS.filter(({ kind, value }) => kind !== "url" && !WATCHFUL.test(value)),
  NASTY_ITEMS.filter(({ kind }) => kind === "url"),
].map((items) => ({
  walker: createScreener(buildIndicatorIndex(items)),
  sieve: createSieveScreener(imageIndex(items)),
}));

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) {
    // A source may reuse its buffer as soon as the next chunk is asked for.
    const chunk = bytes.slice(from, from + size);
    yield chunk;
    chunk.fill(0x21);
  }
}

interface Outcome {
  readonly hits: readonly Hit<number>[];
  readonly summary: ScreeningSummary<number>;
}

async function screen(
  screener: Screener<number>,
  bytes: Uint8Array,
  format: LogFormat | undefined,
  size: number,
): Promise<Outcome> {
  const options = { name: "log", ...(format === undefined ? {} : { format }) };
  const screening = screener.screen(chunked(bytes, size), options);
  const hits: Hit<number>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

/** What both engines must agree on: all but what `createSieveScreener` says it does not know. */
function comparable({ hits, summary: { from: _from, to: _to, flags, ...summary } }: Outcome): unknown {
  return { hits, summary, flags: flags.filter(({ code }) => code !== "not-in-format") };
}

describe("the sieve", () => {
  it("leads to the walker's hits in logs of every format, however they are chunked", async () => {
    await fc.assert(
      fc.asyncProperty(
        nastyLogs,
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(...SETS),
        async (log, size, set) => {
          const { format, lines } = log;
          const { walker, sieve } = set;
          // The first line is always walked: it must not be one that matters.
          const bytes = new TextEncoder().encode(`\n${lines.join("\n")}`);
          expect(comparable(await screen(sieve, bytes, format, size))).toEqual(
            comparable(await screen(walker, bytes, format, bytes.length)),
          );
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? 400) },
    );
  });
});
