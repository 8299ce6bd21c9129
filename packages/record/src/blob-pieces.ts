import { type Bytes, sha256Hasher, toHex } from "@detente/basics";

/** A blob that is never whole in one place, with what a statement says of it: SHA-256 in hex, and bytes. */
export interface PiecedBlob {
  readonly pieces: readonly Bytes[];
  readonly items: { readonly digest: string; readonly size: number };
}

/** To digest or to write one takes far less than a millisecond. */
const PIECE: number = 256 * 1024;

/**
 * Writes a blob a part at a time into pieces, and digests each when it is full: to join a hundred thousand parts at the
 * end, and to digest them, would hold up everybody for half a second.
 */
export class BlobPieces {
  readonly #pieces: Bytes[] = [];
  readonly #hasher = sha256Hasher();
  #piece: Bytes = new Uint8Array(PIECE);
  #filled = 0;
  #size = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  add(part: Bytes): void {
    for (let at = 0; at < part.length;) {
      const some = part.subarray(at, at + PIECE - this.#filled);
      this.#piece.set(some, this.#filled);
      this.#filled += some.length;
      at += some.length;
      if (this.#filled < PIECE) continue;
      this.#take(this.#piece);
      this.#piece = new Uint8Array(PIECE);
      this.#filled = 0;
    }
    this.#size += part.length;
  }

  /** To be called once. */
  end(): PiecedBlob {
    if (this.#filled > 0) this.#take(this.#piece.slice(0, this.#filled));
    return { pieces: this.#pieces, items: { digest: toHex(this.#hasher.digest()), size: this.#size } };
  }

  #take(piece: Bytes): void {
    this.#hasher.update(piece);
    this.#pieces.push(piece);
  }
}
