import { assert, type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { BitReader, BitWriter } from "./bits.ts";
import { TagSet } from "./tag-set.ts";

export type BadShard = Fault<"bad-shard">;

/** Tags of one shard at most; about 4,096 are expected. */
const MAX_SHARD = 0xffff;
const HEAD_BYTES = 3;

/**
 * Rice code (Rice and Plaunt, "Adaptive Variable-Length Coding", 1971) of tags that all begin with the same `bits` bits:
 * how many (2 bytes), the parameter k (1 byte), then for each tag its distance from the one before less one (the first:
 * from the shard's beginning): the part above 2^k as that many ones and a zero, then k bits. Zeros fill the last byte.
 */
export function encodeShard(tags: TagSet, bits: number): Bytes {
  assert(tags.count <= MAX_SHARD, `a shard has at most ${MAX_SHARD} tags`);
  const gaps = gapsOf(tags, bits);
  const k = parameterFor(gaps, bits);
  const writer = new BitWriter(HEAD_BYTES + Math.ceil(sizeWith(k, gaps) / 8));
  writer.write(gaps.count, 16);
  writer.write(k, 8);
  for (let i = 0; i < gaps.count; i++) {
    const [high, low] = [gaps.high[i] as number, gaps.low[i] as number];
    writer.unary(above(k, high, low));
    if (k > 32) writer.write(high % 2 ** (k - 32), k - 32);
    writer.write(k < 32 ? low % 2 ** k : low, Math.min(k, 32));
  }
  return writer.bytes;
}

/** Decodes a shard of the tags that begin with `prefix` in `bits` bits; every shard has one encoding that is taken. */
export function decodeShard(bytes: Bytes, prefix: number, bits: number): Result<TagSet, BadShard> {
  const reader = new BitReader(bytes);
  const count = reader.read(16);
  const k = reader.read(8);
  if (bytes.length < HEAD_BYTES || k > 63) return bad(prefix, "its head is damaged");
  // A tag takes a bit at least, so a short file cannot claim much memory.
  if (count > 8 * bytes.length) return bad(prefix, "it is too short for its tags");
  const tags = new TagSet(new Uint32Array(count), new Uint32Array(count));
  let [high, low] = [prefix * 2 ** (32 - bits), 0];
  const end = (prefix + 1) * 2 ** (32 - bits);
  for (let i = 0; i < count; i++) {
    const quotient = reader.unary();
    const upper = k > 32 ? reader.read(k - 32) : 0;
    const lower = reader.read(Math.min(k, 32));
    const step = i === 0 ? 0 : 1;
    // All below 2^53: the quotient counts bits of the shard.
    const sum = low + lower + step + (k < 32 ? (quotient * 2 ** k) % 2 ** 32 : 0);
    high +=
      upper +
      Math.floor(sum / 2 ** 32) +
      (k < 32 ? Math.floor((quotient * 2 ** k) / 2 ** 32) : quotient * 2 ** (k - 32));
    low = sum % 2 ** 32;
    if (high >= end) return bad(prefix, "a tag lies outside");
    tags.high[i] = high;
    tags.low[i] = low;
  }
  if (!reader.isAtEnd()) return bad(prefix, "it is cut short, or something follows its tags");
  // Another parameter would do for the tags but give the set another root.
  return k === parameterFor(gapsOf(tags, bits), bits) ? ok(tags) : bad(prefix, "its parameter is not the best one");
}

function bad(prefix: number, what: string): ReturnType<typeof err<"bad-shard">> {
  return err(
    "bad-shard",
    `shard ${prefix}: ${what}; fetch the file again, and keep it as evidence if its hash is right`,
  );
}

/** Distances less one; the first from the shard's beginning. */
function gapsOf(tags: TagSet, bits: number): TagSet {
  const high = new Uint32Array(tags.count);
  const low = new Uint32Array(tags.count);
  for (let i = 0; i < tags.count; i++) {
    const previousHigh = i === 0 ? 0 : (tags.high[i - 1] as number);
    const previousLow = i === 0 ? -1 : (tags.low[i - 1] as number);
    const here = i === 0 ? (tags.high[i] as number) % 2 ** (32 - bits) : (tags.high[i] as number);
    const difference = (tags.low[i] as number) - previousLow - 1;
    low[i] = difference; // Modulo 2^32.
    high[i] = here - previousHigh - (difference < 0 ? 1 : 0);
  }
  return new TagSet(high, low);
}

/** The k with the smallest code among those next to the logarithm of the mean distance; the smaller of two equal ones. */
function parameterFor(gaps: TagSet, bits: number): number {
  if (gaps.count === 0) return 0;
  // ⌊log2 count⌋ is 31 less the leading zeros.
  const middle = 64 - bits - (31 - Math.clz32(gaps.count));
  let best = 0;
  let least = Infinity;
  for (let k = Math.max(0, middle - 2); k <= Math.min(63, middle); k++) {
    const size = sizeWith(k, gaps);
    if (size < least) [best, least] = [k, size];
  }
  return best;
}

/** Bits of the code without its head. */
function sizeWith(k: number, gaps: TagSet): number {
  let size = (k + 1) * gaps.count;
  for (let i = 0; i < gaps.count; i++) size += above(k, gaps.high[i] as number, gaps.low[i] as number);
  return size;
}

/** ⌊gap / 2^k⌋ */
function above(k: number, high: number, low: number): number {
  return k >= 32 ? Math.floor(high / 2 ** (k - 32)) : high * 2 ** (32 - k) + Math.floor(low / 2 ** k);
}
