import { sha256, toHex } from "@detente/basics";

/** Bytes at either end of what was read that tell whether it is still the same. */
export const EDGE_BYTES = 4096;

/** What was read of a log, so that the log is known again under another name, packed, or overwritten. */
export interface Fingerprint {
  /** Bytes read, unpacked. */
  readonly offset: number;
  /** SHA-256 of the first of them, at most `EDGE_BYTES`, in hexadecimal digits. */
  readonly head: string;
  /** SHA-256 of the last of them, at most `EDGE_BYTES`. */
  readonly mark: string;
}

/** Follows the bytes of a log as they are read. */
export class Tracker {
  #head: Uint8Array;
  #tail: Uint8Array;
  #offset: number;

  /** @param head @param tail the first and the last bytes before `offset`, at most `EDGE_BYTES` each */
  constructor(head: Uint8Array = new Uint8Array(0), tail: Uint8Array = head, offset: number = head.length) {
    this.#head = head;
    this.#tail = tail;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  push(bytes: Uint8Array): void {
    if (this.#head.length < EDGE_BYTES) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, EDGE_BYTES - this.#head.length)]);
    }
    this.#tail =
      bytes.length >= EDGE_BYTES
        ? bytes.slice(-EDGE_BYTES)
        : Buffer.concat([this.#tail.subarray(Math.max(0, this.#tail.length + bytes.length - EDGE_BYTES)), bytes]);
    this.#offset += bytes.length;
  }

  fingerprint(): Fingerprint {
    return { offset: this.#offset, head: toHex(sha256(this.#head)), mark: toHex(sha256(this.#tail)) };
  }
}

export function equalFingerprints(a: Fingerprint, b: Fingerprint): boolean {
  return a.offset === b.offset && a.head === b.head && a.mark === b.mark;
}
