import { crc32, createInflateRaw } from "node:zlib";
import { transformUnpacker, type Unpacker } from "./unpacker.ts";

const FIXED = 10;
const DEFLATE = 8;
/** Flags of RFC 1952 §2.3.1. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const RESERVED = 0xe0;
/** More than names and extra fields are of: `FEXTRA` alone may have 64 KiB. */
const MAX_HEADER = 256 * 1024;
const TRAILER = 8;
const CUT = "unexpected end of file";

/**
 * One member of a gzip file (RFC 1952 §2.3). Its frame is read here, as zlib's own reader keeps back what it has
 * unpacked when it finds something else behind a member, or a sum that is wrong.
 */
export function gzipMember(onBytes: (bytes: Uint8Array) => void): Unpacker {
  let sum = 0;
  let size = 0;
  const body = transformUnpacker(createInflateRaw(), (bytes) => {
    sum = crc32(bytes, sum);
    size = (size + bytes.length) >>> 0;
    onBytes(bytes);
  });
  let head = Buffer.alloc(0);
  let isOpen = false;
  let tail = Buffer.alloc(0);
  const hasEnded = (): boolean => tail.length === TRAILER;

  /** How much of the header is here; the body follows. */
  const open = (packed: Uint8Array): number => {
    const before = head.length;
    head = Buffer.concat([head, packed]);
    const length = headerLength(head);
    if (length === undefined && head.length > MAX_HEADER) throw new Error("a header over 256 KiB");
    isOpen = length !== undefined;
    return (length ?? head.length) - before;
  };
  const close = (packed: Uint8Array): number => {
    const taken = packed.subarray(0, TRAILER - tail.length);
    tail = Buffer.concat([tail, taken]);
    if (hasEnded() && tail.readUInt32LE(0) !== sum) throw new Error("incorrect data check");
    if (hasEnded() && tail.readUInt32LE(4) !== size) throw new Error("incorrect length check");
    return taken.length;
  };
  return {
    async push(packed) {
      let at = isOpen ? 0 : open(packed);
      if (isOpen && !body.hasEnded() && at < packed.length) at += await body.push(packed.subarray(at));
      if (body.hasEnded() && at < packed.length) at += close(packed.subarray(at));
      return at;
    },
    hasEnded,
    end: async () => {
      if (!isOpen || body.hasEnded()) throw new Error(CUT);
      await body.end();
      // All of the body was there, and nothing behind it.
      throw new Error(CUT);
    },
    close: () => body.close(),
  };
}

/** Bytes of a member's header; undefined where more of it must be seen. Throws where it is none. */
function headerLength(bytes: Buffer): number | undefined {
  const [id1 = 0x1f, id2 = 0x8b, method = DEFLATE, flags = 0] = bytes;
  if (id1 !== 0x1f || id2 !== 0x8b) throw new Error("incorrect header check");
  if (method !== DEFLATE || (flags & RESERVED) !== 0) throw new Error("unknown compression method or header flags");
  let at: number | undefined = FIXED;
  if ((flags & EXTRA) !== 0) at = bytes.length < at + 2 ? undefined : at + 2 + bytes.readUInt16LE(at);
  for (const flag of [NAME, COMMENT]) if (at !== undefined && (flags & flag) !== 0) at = behindZero(bytes, at);
  if (at !== undefined && (flags & HEADER_CRC) !== 0) at += 2;
  return at === undefined || at > bytes.length ? undefined : at;
}

function behindZero(bytes: Buffer, from: number): number | undefined {
  const zero = bytes.indexOf(0, from);
  return zero < 0 ? undefined : zero + 1;
}
