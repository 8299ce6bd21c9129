import { Worker } from "node:worker_threads";
import type { Bytes } from "@detente/basics";
import type { PackedLines } from "@detente/unit";

/** Node loads no TypeScript: from sources, too, the thread runs what the build made, by no flags of ours. */
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/record-file/worker.js" : "worker.js",
  import.meta.url,
);

/** The next chunk, or that there is no more. */
export interface PackRequest {
  readonly chunk: Bytes | undefined;
}

interface Waiting {
  readonly resolve: (packed: PackedLines) => void;
  readonly reject: (error: Error) => void;
}

/** How many chunks the thread may be ahead of whoever takes what it has packed. */
const AHEAD = 4;

/** Packs a record file in a thread of its own, which ends with the sequence. Throws what reading the file throws. */
export async function* packOnThread(file: AsyncIterable<Bytes>): AsyncGenerator<PackedLines, void, void> {
  const thread = new PackThread();
  try {
    const packs: Promise<PackedLines>[] = [];
    for await (const chunk of file) {
      packs.push(thread.pack(chunk));
      const pack = packs.length > AHEAD ? packs.shift() : undefined;
      if (pack !== undefined) yield await pack;
    }
    packs.push(thread.pack(undefined));
    for (const pack of packs) yield await pack;
  } finally {
    await thread.close();
  }
}

class PackThread {
  readonly #worker = new Worker(WORKER, { execArgv: [] });
  readonly #waiting: Waiting[] = [];
  /** Why it packs no more. */
  #fault: Error | undefined;

  constructor() {
    this.#worker.on("message", (packed: PackedLines) => this.#waiting.shift()?.resolve(packed));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the thread that reads the record ended before its work")));
  }

  pack(chunk: Bytes | undefined): Promise<PackedLines> {
    const packed = new Promise<PackedLines>((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#waiting.push({ resolve, reject });
      // A copy of its own can be handed over; the chunk's memory may be shared with others.
      const copy = chunk === undefined ? undefined : new Uint8Array(chunk);
      const request: PackRequest = { chunk: copy };
      this.#worker.postMessage(request, copy === undefined ? [] : [copy.buffer]);
    });
    // Whoever waits for it is told; nobody waits for what comes after a fault.
    packed.catch(() => undefined);
    return packed;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#fault);
  }
}
