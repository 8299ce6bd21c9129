import {
  assert,
  type Bytes,
  concatBytes,
  equalBytes,
  err,
  type Fault,
  hmacSha256,
  ok,
  type Result,
  utf8,
} from "@detente/basics";

const TAG_BYTES = 16;
const LENGTH_BYTES = 2;
const BLOCK_BYTES = 32;

/** Bytes that a sealed label is longer than the longest text that fits into it. */
export const LABEL_OVERHEAD: number = TAG_BYTES + LENGTH_BYTES;

/**
 * Seals what a hit may tell, so that only whoever knows the output opens it: synthetic initialization vector as of
 * Rogaway and Shrimpton ("Deterministic Authenticated-Encryption", 2006, §4) with HMAC-SHA-256 as the function of both
 * steps. No nonce is needed: the same label gives the same bytes, another one other bytes.
 * @param output of the function, 64 bytes
 * @param size of the result: one for all labels of a set, or their lengths would tell them apart
 */
export function sealLabel(output: Bytes, text: Bytes, size: number): Bytes {
  assert(text.length + LABEL_OVERHEAD <= size && text.length <= 0xffff, `the label fits into ${size} bytes`);
  const padded = new Uint8Array(size - TAG_BYTES);
  padded.set([text.length >> 8, text.length & 0xff]);
  padded.set(text, LENGTH_BYTES);
  const tag = authenticator(output, padded);
  return concatBytes(tag, mask(output, tag, padded));
}

/** Opens a label; a fault where it was sealed with another output or changed since. */
export function openLabel(output: Bytes, sealed: Bytes): Result<Bytes, Fault<"bad-label">> {
  if (sealed.length < LABEL_OVERHEAD) return bad();
  const tag = sealed.subarray(0, TAG_BYTES);
  const padded = mask(output, tag, sealed.subarray(TAG_BYTES));
  if (!equalBytes(authenticator(output, padded), tag)) return bad();
  const end = LENGTH_BYTES + (((padded[0] as number) << 8) | (padded[1] as number));
  const rest = padded.subarray(end);
  return end > padded.length || rest.some((byte) => byte !== 0) ? bad() : ok(padded.slice(LENGTH_BYTES, end));
}

function authenticator(output: Bytes, padded: Bytes): Bytes {
  return hmacSha256(hmacSha256(output, utf8("detente label authentication v1")), padded).subarray(0, TAG_BYTES);
}

/** XORs with HMAC-SHA-256(key, tag ‖ block number in 4 bytes), block by block. */
function mask(output: Bytes, tag: Bytes, bytes: Bytes): Bytes {
  const key = hmacSha256(output, utf8("detente label encryption v1"));
  const masked = Uint8Array.from(bytes);
  const counter = new Uint8Array(4);
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    new DataView(counter.buffer).setUint32(0, start / BLOCK_BYTES);
    const block = hmacSha256(key, concatBytes(tag, counter));
    for (let i = start; i < Math.min(start + BLOCK_BYTES, bytes.length); i++) {
      masked[i] = (masked[i] as number) ^ (block[i - start] as number);
    }
  }
  return masked;
}

function bad(): ReturnType<typeof err<"bad-label">> {
  return err("bad-label", "label: sealed for another indicator, or damaged; fetch the labels again");
}
