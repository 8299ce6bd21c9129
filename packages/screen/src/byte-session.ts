import { concatBytes } from "@detente/basics";
import { DnstapSession } from "./dnstap/dnstap-session.ts";
import { isFrameStreams } from "./dnstap/frames.ts";
import type { Hit } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";
import type { ScreenOptions } from "./screener.ts";
import type { Tally } from "./tally.ts";

/** One run over the bytes of one log. */
export interface ByteSession<Ref> {
  push(chunk: Uint8Array): Iterable<Hit<Ref>>;
  end(): Iterable<Hit<Ref>>;
}

/**
 * Runs a log that comes in chunks: frames are told by its first bytes, all else consists of lines.
 * @returns the hits of one chunk after the other, each to be taken before the next is asked for
 */
export async function* runBytes<Ref>(
  index: IndicatorIndex<Ref>,
  source: AsyncIterable<Uint8Array>,
  { format }: ScreenOptions,
  tally: Tally<Ref>,
  lines: () => ByteSession<Ref>,
): AsyncGenerator<Iterable<Hit<Ref>>, undefined> {
  const sessionFor = (isFrames: boolean): ByteSession<Ref> => (isFrames ? new DnstapSession(index, tally) : lines());
  let session = format === undefined ? undefined : sessionFor(format === "dnstap");
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    tally.bytes += chunk.length;
    if (session !== undefined) yield session.push(chunk);
    else {
      head = concatBytes(head, chunk);
      const isFrames = isFrameStreams(head);
      if (isFrames === undefined) continue;
      session = sessionFor(isFrames);
      yield session.push(head);
    }
  }
  if (session === undefined) {
    session = sessionFor(false);
    yield session.push(head);
  }
  yield session.end();
  return undefined;
}
