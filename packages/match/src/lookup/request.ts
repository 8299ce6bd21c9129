import {
  assert,
  type Bytes,
  concatBytes,
  equalBytes,
  err,
  type Fault,
  ok,
  type Result,
  sha256,
  utf8,
} from "@detente/basics";
import { ELEMENT_BYTES } from "../group.ts";
import { BATCH_CLASSES, MAX_BATCH } from "./batch-class.ts";

export const DIGEST_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const ID_BYTES = 16;

const MAGIC = utf8("DMQ1");
const SPENT_AT = MAGIC.length + DIGEST_BYTES + ID_BYTES;
const SIGNATURE_AT = SPENT_AT + 8;
const COUNT_AT = SIGNATURE_AT + SIGNATURE_BYTES;
const HEAD_BYTES = COUNT_AT + 2;
/** Counters stay exact in a double. */
const MAX_SPENT = Number.MAX_SAFE_INTEGER;

/** Questions to a partner. */
export interface Request {
  /** The leaf hash of the statement that opened the set: it stands for key, epoch and terms. */
  readonly set: Bytes;
  /** 16 random bytes, so that no two requests are equal by chance. */
  readonly id: Bytes;
  /** What the asker has spent in this set so far. */
  readonly spent: number;
  /** The asker's signature of the receipt before; zeros where there is none. */
  readonly countersignature: Bytes;
  /** Packed, a batch class of them. */
  readonly blinded: Bytes;
}

export type BadRequest = Fault<"bad-request">;

/** "DMQ1", set, id, spent (8 bytes), countersignature, number of elements (2 bytes), elements. */
export function encodeRequest({ set, id, spent, countersignature, blinded }: Request): Bytes {
  const count = blinded.length / ELEMENT_BYTES;
  assert(BATCH_CLASSES.includes(count), "a request is padded to a class");
  assert(set.length === DIGEST_BYTES && id.length === ID_BYTES, "a set is named by 32 bytes, a request by 16");
  assert(countersignature.length === SIGNATURE_BYTES, "a signature has 64 bytes");
  const numbers = new Uint8Array(10);
  const view = new DataView(numbers.buffer);
  view.setBigUint64(0, BigInt(spent));
  view.setUint16(8, count);
  return concatBytes(MAGIC, set, id, numbers.subarray(0, 8), countersignature, numbers.subarray(8), blinded);
}

/** Takes a request apart; whether its elements are elements shows when they are evaluated. */
export function parseRequest(bytes: Bytes): Result<Request, BadRequest> {
  if (bytes.length > HEAD_BYTES + ELEMENT_BYTES * MAX_BATCH) return bad(`asks more than ${MAX_BATCH} questions`);
  if (bytes.length < HEAD_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return bad("no request");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(COUNT_AT);
  if (!BATCH_CLASSES.includes(count)) return bad(`${count} elements are no class: pad to ${BATCH_CLASSES.join(", ")}`);
  if (bytes.length !== HEAD_BYTES + ELEMENT_BYTES * count) return bad("not as long as its number of elements says");
  const spent = view.getBigUint64(SPENT_AT);
  if (spent > BigInt(MAX_SPENT)) return bad("a counter beyond all budgets");
  return ok({
    set: bytes.slice(MAGIC.length, MAGIC.length + DIGEST_BYTES),
    id: bytes.slice(MAGIC.length + DIGEST_BYTES, SPENT_AT),
    spent: Number(spent),
    countersignature: bytes.slice(SIGNATURE_AT, COUNT_AT),
    blinded: bytes.slice(HEAD_BYTES),
  });
}

/** What receipts call a request by. */
export function requestDigest(bytes: Bytes): Bytes {
  return sha256(bytes);
}

function bad(what: string): ReturnType<typeof err<"bad-request">> {
  return err("bad-request", `request: ${what}`);
}
