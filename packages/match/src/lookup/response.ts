import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, sha256, utf8 } from "@detente/basics";
import { ELEMENT_BYTES } from "../group.ts";
import { PROOF_BYTES } from "../oprf/dleq.ts";
import { MAX_BATCH } from "./batch-class.ts";
import { SIGNATURE_BYTES } from "./request.ts";

const MAGIC = utf8("DMA1");
const HEAD_BYTES = MAGIC.length + PROOF_BYTES + SIGNATURE_BYTES;

/** Answers to the questions of a request, in its order. */
export interface Response {
  /** Challenge and response that all elements were multiplied by the key of the set. */
  readonly proof: Bytes;
  /** The answerer's signature of the receipt, which the asker can put together itself. */
  readonly signature: Bytes;
  readonly evaluated: Bytes;
}

export type BadResponse = Fault<"bad-response">;

/** "DMA1", proof, signature, elements: as long as the request's class makes it. */
export function encodeResponse({ proof, signature, evaluated }: Response): Bytes {
  return concatBytes(MAGIC, proof, signature, evaluated);
}

/** @param count elements of the request */
export function parseResponse(bytes: Bytes, count: number): Result<Response, BadResponse> {
  const length = HEAD_BYTES + ELEMENT_BYTES * Math.min(count, MAX_BATCH);
  if (bytes.length !== length || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) {
    return err("bad-response", `response: no answer of ${count} elements in ${length} bytes; send the request again`);
  }
  const signatureAt = MAGIC.length + PROOF_BYTES;
  return ok({
    proof: bytes.slice(MAGIC.length, signatureAt),
    signature: bytes.slice(signatureAt, HEAD_BYTES),
    evaluated: bytes.slice(HEAD_BYTES),
  });
}

/** What a receipt calls an answer by. */
export function answerDigest(evaluated: Bytes, proof: Bytes): Bytes {
  return sha256(concatBytes(evaluated, proof));
}
