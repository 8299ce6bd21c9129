import type { Bytes } from "../bytes.ts";

export interface Sha256Hasher {
  update(piece: Bytes): void;
  /** 32 bytes. To be called once. */
  digest(): Bytes;
}
