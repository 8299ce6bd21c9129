import { closeSync, openSync, readSync } from "node:fs";
import type { Bytes } from "@detente/basics";

/** Reads a file from its beginning on, in large pieces. Beyond the end there are zeros. */
export class PieceReader {
  readonly #file: number;
  readonly #piece: Uint8Array;
  /** Where the piece begins in the file, and where the next byte to be read is. */
  #start = 0;
  #position = 0;
  #filled = 0;

  /** @param size bytes of a piece: what is read at once must fit into one */
  constructor(path: string, size: number) {
    this.#file = openSync(path, "r");
    this.#piece = new Uint8Array(size);
  }

  skip(bytes: number): void {
    this.#position += bytes;
  }

  /** A view that holds until the next call. */
  next(bytes: number): Bytes {
    if (this.#position < this.#start || this.#position + bytes > this.#start + this.#filled) this.#fill();
    const from = this.#position - this.#start;
    this.#position += bytes;
    if (from + bytes > this.#filled) this.#piece.fill(0, this.#filled, from + bytes);
    return this.#piece.subarray(from, from + bytes);
  }

  close(): void {
    closeSync(this.#file);
  }

  #fill(): void {
    this.#start = this.#position;
    this.#filled = 0;
    for (let read = 1; read > 0 && this.#filled < this.#piece.length; this.#filled += read) {
      read = readSync(
        this.#file,
        this.#piece,
        this.#filled,
        this.#piece.length - this.#filled,
        this.#start + this.#filled,
      );
    }
  }
}
