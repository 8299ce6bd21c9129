import type { Transform } from "node:stream";

/** Unpacks what is pushed into it. */
export interface Unpacker {
  /**
   * Takes packed bytes and calls back with what they unpack to, also where it then rejects because they are damaged.
   * Resolves with how many of them were taken: perhaps not all, if the packed data have come to their end.
   */
  push(packed: Uint8Array): Promise<number>;
  /** Whether the packed data have come to their end; what follows needs an unpacker of its own. */
  hasEnded(): boolean;
  /** Rejects where the packed data were cut. */
  end(): Promise<void>;
  close(): void;
}

export type OnBytes = (bytes: Uint8Array) => void;

/** A transform of `node:zlib`, which says how much of its input it has used. */
export type ZlibTransform = Transform & { readonly bytesWritten: number };

/**
 * The transform is left flowing, because one that buffers loses what it holds when it fails, and what stands before
 * the damage is to be screened. Node ends it after the first frame of zstd and before padding.
 */
export function transformUnpacker(transform: ZlibTransform, onBytes: OnBytes): Unpacker {
  let hasEnded = false;
  const ended = new Promise<void>((resolve, reject) => {
    transform.on("end", () => {
      hasEnded = true;
      resolve();
    });
    transform.on("error", reject);
  });
  const failed = new Promise<never>((_, reject) => transform.on("error", reject));
  for (const promise of [ended, failed]) promise.catch(() => undefined);
  transform.on("data", onBytes);
  return {
    push: async (packed) => {
      const before = transform.bytesWritten;
      // A transform that fails does not call back.
      await Promise.race([failed, new Promise<void>((resolve) => transform.write(packed, () => resolve()))]);
      return hasEnded ? transform.bytesWritten - before : packed.length;
    },
    hasEnded: () => hasEnded,
    end: () => {
      transform.end();
      return ended;
    },
    close: () => void transform.destroy(),
  };
}
