import { concatBytes, err, type Fault, ok, type Result, sha256, toHex } from "@detente/basics";
import type { Queue } from "./queue.ts";

export type BlobFault = Fault<"missing" | "damaged">;

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const DIGEST = 32;
const PART: number = 512 * 1024;
/** 8 GiB in all; the list of parts is one message. */
const MAX_PARTS: number = PART / DIGEST;

/**
 * Bytes of any length in messages of bounded size. A part is a message under its own SHA-256, a blob is the list of its
 * parts' digests and goes by that list's digest. So what is written twice is there once, versions never mix, and
 * whatever is read is what was meant, or a fault.
 */
export class Blobs {
  readonly #queue: Queue;
  readonly #stream: string;
  readonly #subject: (digest: string) => string;

  constructor(queue: Queue, stream: string, subject: (digest: string) => string) {
    this.#queue = queue;
    this.#stream = stream;
    this.#subject = subject;
  }

  /** @returns the blob's digest; a fault where it would have too many parts */
  async put(pieces: Pieces): Promise<Result<string, Fault<"too-large">>> {
    const digests: Uint8Array[] = [];
    for await (const part of parts(pieces)) {
      if (digests.length === MAX_PARTS) return err("too-large", "more than 8 GiB");
      digests.push(await this.#publish(part));
    }
    return ok(toHex(await this.#publish(concatBytes(...digests))));
  }

  /** The digests of a blob's parts, in order. */
  async parts(name: string): Promise<Result<string[], BlobFault>> {
    const list = await this.part(name);
    if (!list.ok) return list;
    if (list.value.length % DIGEST !== 0) return err("damaged", `${name} is no list of parts`);
    return ok(
      Array.from({ length: list.value.length / DIGEST }, (_, i) =>
        toHex(list.value.subarray(i * DIGEST, (i + 1) * DIGEST)),
      ),
    );
  }

  async part(digest: string): Promise<Result<Uint8Array, BlobFault>> {
    const message = await this.#queue.last(this.#stream, this.#subject(digest));
    if (message === null) return err("missing", `${digest} is not in the queue`);
    return toHex(sha256(message.data)) === digest ? ok(message.data) : err("damaged", `${digest} has other content`);
  }

  /** All bytes of a blob that is to be held in memory whole. */
  async whole(name: string): Promise<Result<Uint8Array, BlobFault>> {
    const list = await this.parts(name);
    if (!list.ok) return list;
    const all: Uint8Array[] = [];
    for (const digest of list.value) {
      const part = await this.part(digest);
      if (!part.ok) return part;
      all.push(part.value);
    }
    return ok(concatBytes(...all));
  }

  async #publish(data: Uint8Array): Promise<Uint8Array> {
    const digest = sha256(data);
    await this.#queue.publish(this.#stream, this.#subject(toHex(digest)), data);
    return digest;
  }
}

/** The digest under which these bytes would be put. */
export async function blobName(pieces: Pieces): Promise<string> {
  const digests: Uint8Array[] = [];
  for await (const part of parts(pieces)) digests.push(sha256(part));
  return toHex(sha256(concatBytes(...digests)));
}

async function* parts(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(PART);
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const taken = Math.min(piece.length - from, PART - filled);
      buffer.set(piece.subarray(from, from + taken), filled);
      from += taken;
      filled += taken;
      if (filled < PART) continue;
      yield buffer;
      buffer = new Uint8Array(PART);
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
