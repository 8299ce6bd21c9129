import { webcrypto } from "node:crypto";
import type { Bytes } from "@detente/basics";

const PIECE: number = 1024 * 1024;

/** SHA-256, computed on another thread. */
export async function digestOf(blob: Bytes): Promise<Bytes> {
  return new Uint8Array(await webcrypto.subtle.digest("SHA-256", blob));
}

/** A blob as a store takes it in: it digests and writes a piece at a time, and others have their turn in between. */
export async function* inPieces(blob: Bytes): AsyncGenerator<Bytes> {
  for (let at = 0; at < blob.length; at += PIECE) yield blob.subarray(at, at + PIECE);
}
