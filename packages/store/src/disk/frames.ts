import { crc32 } from "node:zlib";
import { assert, type Bytes } from "@detente/basics";

/**
 * The framing of append-only files: `[u32 length of payload][u32 crc32][u8 kind][u32 back][payload]`, big-endian.
 * The CRC covers everything after itself. `back` is the distance in bytes from the frame to the start of the
 * batch it was written in; a batch begins only after the one before it was synced. So of two frames the later
 * one tells whether the earlier one had been durable: that separates damage from a torn tail.
 */
export interface Frame {
  readonly kind: number;
  readonly payload: Bytes;
}

/** Where a frame's payload starts, after the frame's first byte. */
export const HEADER_BYTES = 13;
/** Larger payloads are never written, so a larger length is damage. */
export const MAX_PAYLOAD_BYTES: number = 2 * 1024 * 1024;

const CRC_START = 8;

/** One batch of frames, to be written at once. */
export function encodeBatch(frames: readonly Frame[]): Bytes {
  let total = 0;
  for (const { payload } of frames) total += HEADER_BYTES + payload.length;
  const batch = Buffer.allocUnsafe(total);
  let at = 0;
  for (const { kind, payload } of frames) {
    assert(payload.length <= MAX_PAYLOAD_BYTES, `a frame of ${payload.length} bytes`);
    const end = at + HEADER_BYTES + payload.length;
    batch.writeUInt32BE(payload.length, at);
    batch.writeUInt8(kind, at + 8);
    batch.writeUInt32BE(at, at + 9);
    batch.set(payload, at + HEADER_BYTES);
    batch.writeUInt32BE(crc32(batch.subarray(at + CRC_START, end)), at + 4);
    at = end;
  }
  return batch;
}

/** A frame as found in a file. */
interface FoundFrame extends Frame {
  /** Of the frame's first byte, from the start of the bytes given. */
  readonly offset: number;
}

export interface Scan {
  readonly frames: FoundFrame[];
  /** Of the last good frame; what follows is a torn tail that may be cut, unless `damaged`. */
  readonly end: number;
  /** A later batch is there, so the frame at `end` had been durable and is damaged now. */
  readonly damaged: boolean;
}

/** Reads frames until the first that is not good. Linear in the bytes; payloads are views of them. */
export function scanFrames(bytes: Bytes): Scan {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: FoundFrame[] = [];
  let at = 0;
  for (;;) {
    const length = frameLength(view, at);
    if (length === undefined) break;
    frames.push({ kind: view[at + 8] as number, payload: view.subarray(at + HEADER_BYTES, at + length), offset: at });
    at += length;
  }
  return { frames, end: at, damaged: laterBatchAfter(view, at) };
}

/** The whole length of the good frame at `at`, or `undefined` where there is none. */
function frameLength(view: Buffer, at: number): number | undefined {
  if (at + HEADER_BYTES > view.length) return undefined;
  const payload = view.readUInt32BE(at);
  const end = at + HEADER_BYTES + payload;
  if (payload > MAX_PAYLOAD_BYTES || end > view.length) return undefined;
  return crc32(view.subarray(at + CRC_START, end)) === view.readUInt32BE(at + 4) ? end - at : undefined;
}

function laterBatchAfter(view: Buffer, bad: number): boolean {
  for (let at = bad + 1; at + HEADER_BYTES <= view.length; at++) {
    if (view.readUInt32BE(at) > MAX_PAYLOAD_BYTES) continue;
    if (at - view.readUInt32BE(at + 9) > bad && frameLength(view, at) !== undefined) return true;
  }
  return false;
}
