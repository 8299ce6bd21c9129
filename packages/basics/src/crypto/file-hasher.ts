import type { Bytes } from "../bytes.ts";

/** Digests of one file in hexadecimal, as indicators name files by. */
export interface FileDigests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

export interface FileHasher {
  update(piece: Bytes): void;
  /** To be called once. */
  digests(): FileDigests;
}
