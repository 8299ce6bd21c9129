import { Decompress } from "fzstd";
import type { Unpacker } from "./unpacker.ts";
import { ZstdFrame } from "./zstd-frame.ts";

/**
 * Unpacks a frame of zstd without the help of Node, for versions that have none. It checks the structure of the data,
 * but not the checksums of their content.
 */
export function plainZstdUnpacker(onBytes: (bytes: Uint8Array) => void): Unpacker {
  const frame = new ZstdFrame();
  const decompress = new Decompress(onBytes);
  return {
    push: async (packed) => {
      const taken = frame.push(packed);
      // It may keep what it is given until later.
      decompress.push(packed.slice(0, taken), frame.hasEnded);
      return taken;
    },
    hasEnded: () => frame.hasEnded,
    end: async () => {
      if (!frame.hasEnded) throw new Error("unexpected end of file");
    },
    close: () => undefined,
  };
}
