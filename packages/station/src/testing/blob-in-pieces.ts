import type { Bytes } from "@detente/basics";
import type { BlobReader } from "@detente/store";

/** Gives one blob, whatever is asked for, in pieces that end anywhere. */
export function blobInPieces(bytes: Bytes, size: number): BlobReader {
  async function* pieces(): AsyncGenerator<Bytes> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return { get: async () => ({ size: bytes.length, content: pieces() }) } as unknown as BlobReader;
}
