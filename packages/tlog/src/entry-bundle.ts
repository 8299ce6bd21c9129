import { assert, err, ok, type Bytes, type Fault, type Result } from "@detente/basics";
import { TILE_WIDTH } from "./tile.ts";

/** The largest entry a bundle can hold, in bytes. */
export const MAX_ENTRY_SIZE = 0xffff;

/** The largest entry bundle, in bytes. */
export const MAX_BUNDLE_SIZE: number = TILE_WIDTH * (2 + MAX_ENTRY_SIZE);

/** `bundle`: not exactly the expected number of length-prefixed entries. */
export type EntryBundleFault = Fault<"bundle">;

/**
 * Writes entries one after another, each with its length as a 16-bit big-endian integer (C2SP tlog-tiles).
 * @throws for no or more than 256 entries, or one of more than 65,535 bytes
 */
export function encodeEntryBundle(entries: readonly Bytes[]): Bytes {
  assert(entries.length >= 1 && entries.length <= TILE_WIDTH, "a bundle has 1..256 entries");
  let length = 0;
  for (const entry of entries) {
    assert(entry.length <= MAX_ENTRY_SIZE, "an entry has at most 65,535 bytes");
    length += 2 + entry.length;
  }
  const bundle = new Uint8Array(length);
  const view = new DataView(bundle.buffer);
  let offset = 0;
  for (const entry of entries) {
    view.setUint16(offset, entry.length);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
}

/** Reads a bundle of exactly `width` entries; gives copies, so that later changes of `bytes` do not matter. */
export function parseEntryBundle(bytes: Bytes, width: number): Result<Bytes[], EntryBundleFault> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Bytes[] = [];
  let offset = 0;
  while (entries.length < width) {
    const start = offset + 2;
    const end = start <= bytes.length ? start + view.getUint16(offset) : Infinity;
    if (end > bytes.length) return err("bundle", `the bundle ends within entry ${entries.length} of ${width}`);
    entries.push(new Uint8Array(bytes.subarray(start, end)));
    offset = end;
  }
  if (offset < bytes.length) return err("bundle", `the bundle has bytes after its ${width} entries`);
  return ok(entries);
}
