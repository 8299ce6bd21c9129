import type { Bytes } from "@detente/basics";
import { Thread } from "@detente/store/thread";
import type { PackedLines } from "@detente/unit";

/** The next chunk, or that there is no more. */
export interface PackRequest {
  readonly chunk: Bytes | undefined;
}

/** How many chunks the thread may be ahead of whoever takes what it has packed. */
const AHEAD = 4;

/** Packs a record file in a thread of its own, which ends with the sequence. Throws what reading the file throws. */
export async function* packOnThread(file: AsyncIterable<Bytes>): AsyncGenerator<PackedLines, void, void> {
  const thread = new Thread<PackRequest, PackedLines>(import.meta.url, "worker");
  try {
    const packs: Promise<PackedLines>[] = [];
    for await (const chunk of file) {
      packs.push(pack(thread, chunk));
      const next = packs.length > AHEAD ? packs.shift() : undefined;
      if (next !== undefined) yield await next;
    }
    packs.push(pack(thread, undefined));
    for (const next of packs) yield await next;
  } finally {
    await thread.end();
  }
}

function pack(thread: Thread<PackRequest, PackedLines>, chunk: Bytes | undefined): Promise<PackedLines> {
  // A copy of its own can be handed over; the chunk's memory may be shared with others.
  const copy = chunk === undefined ? undefined : new Uint8Array(chunk);
  const packed = thread.ask({ chunk: copy }, copy === undefined ? [] : [copy.buffer]);
  // Whoever waits for it is told; nobody waits for what comes after a fault.
  packed.catch(() => undefined);
  return packed;
}
