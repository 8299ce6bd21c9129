import * as zlib from "node:zlib";
import { gzipMember } from "./gzip-member.ts";
import type { Packing } from "./packing.ts";
import { plainZstdUnpacker } from "./plain-zstd.ts";
import { type OnBytes, transformUnpacker, type Unpacker, type ZlibTransform } from "./unpacker.ts";

/** Node 22.15 and later have it. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => ZlibTransform };

interface Method {
  readonly open: (onBytes: OnBytes) => Unpacker;
  /** Bytes that are pushed at once, so small that they never unpack to more than some ten MiB. */
  readonly slice: number;
}

export const METHODS: Readonly<Record<Packing, Method>> = {
  // 16 MiB at most: deflate unpacks to no more than 1032 times its size.
  gzip: { open: gzipMember, slice: 16 * 1024 },
  // 64 MiB at most: four bytes make a block of up to 128 KiB (RFC 8878 §3.1.1.2).
  zstd: {
    open:
      createZstdDecompress === undefined
        ? plainZstdUnpacker
        : (onBytes) => transformUnpacker(createZstdDecompress(), onBytes),
    slice: 2 * 1024,
  },
};
