import { hexDigit } from "./addresses";
import { hash } from "./hash";
import { TAG_DIGEST, TAG_EXACT } from "./layout";
import { key } from "./state";
import { find, mayHave, slotted } from "./table";

/** Tokens that are looked up whole. Digests lie in the index as bytes, half as long as they are in text. */

/** Behind the longest key that the host may put there. */
const DIGEST: usize = 4096 + 64;

/** The hash of a token as `findToken` looks it up. */
export function hashToken(start: usize, length: u32): u64 {
  if (!isDigestLength(length)) return hash(TAG_EXACT, start, length);
  readDigest(start, length, key + DIGEST);
  return hash(TAG_DIGEST, key + DIGEST, length >> 1);
}

/** The entries of a digest or a fingerprint, as `find` gives them. */
export function findToken(start: usize, length: u32): u32 {
  if (!isDigestLength(length)) return find(TAG_EXACT, start, length);
  const hashed = hashToken(start, length);
  return mayHave(hashed) && isHex(start, length) ? slotted(hashed, TAG_DIGEST, key + DIGEST, length >> 1) : 0;
}

/** Of MD5, SHA-1, SHA-256. */
function isDigestLength(length: u32): boolean {
  return length === 32 || length === 40 || length === 64;
}

function isHex(start: usize, length: u32): boolean {
  for (let i: usize = 0; i < <usize>length; i++) if (hexDigit(load<u8>(start + i)) > 15) return false;
  return true;
}

/** Reads hexadecimal digits into bytes, eight a step; of what is none it makes anything. */
export function readDigest(start: usize, length: u32, to: usize): void {
  for (let i: usize = 0; i < <usize>length; i += 8) {
    const text = load<u64>(start + i);
    const digits = (text & 0x0f0f0f0f0f0f0f0f) + 9 * ((text >> 6) & 0x0101010101010101);
    // The pairs' bytes are every other one; they move together.
    const pairs = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff;
    const halves = (pairs | (pairs >> 8)) & 0x0000ffff0000ffff;
    store<u32>(to + (i >> 1), <u32>(halves | (halves >> 16)));
  }
}
