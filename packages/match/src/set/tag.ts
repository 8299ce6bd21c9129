import { assert, type Bytes, hmacSha256, utf8 } from "@detente/basics";
import { TAG_BYTES, TagSet } from "./tag-set.ts";

/** What tells a partner's file from another's: without the key the tags of a file are noise. */
export const PARTNER_KEY_BYTES = 32;

/** The first 8 bytes of HMAC-SHA-256(partner key, output of the function). */
export function tagOf(partnerKey: Bytes, output: Bytes): Bytes {
  assert(partnerKey.length === PARTNER_KEY_BYTES, "a partner's key has 32 bytes");
  return hmacSha256(partnerKey, output).subarray(0, TAG_BYTES);
}

/**
 * The size class of a set of so many items: the next multiple of a sixteenth of the power of two at or below, and 1,024
 * at least. The class is all that a file tells of the number of items.
 */
export function setClass(items: number): number {
  let power = 1024;
  while (power * 2 <= items) power *= 2;
  const step = power / 16;
  return Math.max(1024, Math.ceil(items / step) * step);
}

/**
 * The tags of a partner's set, filled up to its class by tags that belong to nothing.
 * @param fillerKey 32 secret random bytes, kept with the set: the same fillers come back in the next edition, as few as
 * there is room for, so that an edition differs from the one before by what really changed
 */
export function tagSet(partnerKey: Bytes, outputs: Iterable<Bytes>, fillerKey: Bytes): TagSet {
  const tags: Bytes[] = [];
  for (const output of outputs) tags.push(tagOf(partnerKey, output));
  const real = TagSet.of(joined(tags));
  for (let i = 0; real.count + i < setClass(real.count); i++) {
    tags.push(hmacSha256(fillerKey, utf8(`filler ${i}`)).subarray(0, TAG_BYTES));
  }
  return TagSet.of(joined(tags));
}

function joined(tags: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(TAG_BYTES * tags.length);
  for (const [i, tag] of tags.entries()) bytes.set(tag, TAG_BYTES * i);
  return bytes;
}
