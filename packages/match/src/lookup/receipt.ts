import { assert, type Bytes, concatBytes, ed25519Verify, sha256, utf8 } from "@detente/basics";
import { DIGEST_BYTES } from "./request.ts";

const HEAD = utf8("detente match receipt v1\n");

/** What both sides sign: so many questions were answered, and so many are spent. */
export interface Receipt {
  readonly set: Bytes;
  readonly request: Bytes;
  /** SHA-256 of the elements of the answer and their proof. */
  readonly answer: Bytes;
  readonly count: number;
  /** After this request. */
  readonly spent: number;
  /** SHA-256 of the receipt before; zeros for the first. A chain: none can be left out. */
  readonly previous: Bytes;
}

export const NO_RECEIPT: Bytes = new Uint8Array(DIGEST_BYTES);

/** The bytes that are signed: a line that says what they are, set, request, answer, count (4 bytes), spent (8), previous. */
export function receiptBytes({ set, request, answer, count, spent, previous }: Receipt): Bytes {
  for (const digest of [set, request, answer, previous])
    assert(digest.length === DIGEST_BYTES, "a digest has 32 bytes");
  const numbers = new Uint8Array(12);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, count);
  view.setBigUint64(4, BigInt(spent));
  return concatBytes(HEAD, set, request, answer, numbers, previous);
}

export function receiptDigest(receipt: Bytes): Bytes {
  return sha256(receipt);
}

/** Whether a party signed a receipt (Ed25519, RFC 8032). */
export function isReceiptBy(publicKey: Bytes, receipt: Bytes, signature: Bytes): boolean {
  return ed25519Verify(publicKey, receipt, signature);
}
