import { runBytes } from "../byte-session.ts";
import { Flattened } from "../flattened.ts";
import type { Hit } from "../hit.ts";
import type { Screener, ScreenOptions } from "../screener.ts";
import { Tally } from "../tally.ts";
import type { ImageIndex } from "./image-index.ts";
import { SieveSession } from "./sieve-session.ts";

/**
 * The fast engine on one thread, for logs that come as streams. Its hits are those of `createScreener`, and so is its
 * summary but for two things that would cost more than the screening: `from` and `to` are taken from the lines with
 * hits and from the first and last line of each block that was scanned at once, and `not-in-format` counts only lines
 * that were walked.
 */
export function createSieveScreener<Ref>(index: ImageIndex<Ref>): Screener<Ref> {
  return {
    screen(source, options) {
      const tally = new Tally<Ref>(options.name);
      return {
        [Symbol.asyncIterator]: () => new Flattened(run(index, source, options, tally)),
        summary: () => tally.summary(),
      };
    },
  };
}

async function* run<Ref>(
  index: ImageIndex<Ref>,
  source: AsyncIterable<Uint8Array>,
  options: ScreenOptions,
  tally: Tally<Ref>,
): AsyncGenerator<Iterable<Hit<Ref>>, undefined> {
  const sieve = index.image.takeSieve();
  try {
    yield* runBytes(index, source, options, tally, () => new SieveSession(index, sieve, options, tally));
  } finally {
    index.image.returnSieve(sieve);
  }
  return undefined;
}
