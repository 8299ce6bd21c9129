import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, sha256, utf8 } from "@detente/basics";
import type { ProofFault } from "@detente/tlog";
import { at, type BadElement, ELEMENT_BYTES, type Group, isScalar, isZero, SCALAR_BYTES } from "../group.ts";
import { verifyProof } from "../oprf/dleq.ts";
import { blind, finalize } from "../oprf/oprf.ts";
import type { BadShard } from "../set/rice.ts";
import type { SetCommitment } from "../set/set-file.ts";
import { type SetProof, verifyTag } from "../set/set-proof.ts";
import { PARTNER_KEY_BYTES, tagOf } from "../set/tag.ts";
import type { AskedSet } from "./asker.ts";
import { isReceiptBy, receiptBytes } from "./receipt.ts";
import { type BadRequest, parseRequest, requestDigest } from "./request.ts";
import { answerDigest, type BadResponse, parseResponse } from "./response.ts";
import { FieldReader, joinFields } from "./fields.ts";

const MAGIC = utf8("DMT2");

/** One question laid open: whoever reads it learns this input and what belongs to it, and nothing of the others. */
export interface Transcript {
  readonly request: Bytes;
  readonly response: Bytes;
  /** Which element of the request. */
  readonly index: number;
  readonly input: Bytes;
  readonly blind: Bytes;
  readonly partnerKey: Bytes;
  /** The digest of the receipt before. */
  readonly previous: Bytes;
  readonly proof: SetProof;
}

/** What the record says of a partner's set: against it a transcript is judged. */
export interface PublishedSet extends AskedSet, SetCommitment {
  /** SHA-256 of the key that makes the partner's tags. */
  readonly partnerKeyDigest: Bytes;
}

export type TranscriptFault =
  | BadRequest
  | BadResponse
  | BadElement
  | BadShard
  | ProofFault
  | Fault<"bad-transcript" | "bad-proof" | "bad-receipt">;

/** "DMT2", then fields behind their lengths (4 bytes): request, response, index (4), input, blind, key, previous, shard, path. */
export function encodeTranscript(transcript: Transcript): Bytes {
  const { request, response, index, input, blind: factor, partnerKey, previous, proof } = transcript;
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, index);
  const path = concatBytes(...proof.path);
  return concatBytes(
    MAGIC,
    joinFields([request, response, number, input, factor, partnerKey, previous, proof.shard, path]),
  );
}

export function parseTranscript(bytes: Bytes): Result<Transcript, Fault<"bad-transcript">> {
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return bad("no transcript");
  const fields = new FieldReader(bytes.subarray(MAGIC.length));
  const [request, response, number] = [fields.next(), fields.next(), fields.next()];
  const [input, factor, partnerKey, previous] = [fields.next(), fields.next(), fields.next(), fields.next()];
  const [shard, path] = [fields.next(), fields.next()];
  if (!fields.isAtEnd() || number.length !== 4 || path.length % 32 !== 0) return bad("cut short, or not of its fields");
  if (partnerKey.length !== PARTNER_KEY_BYTES || previous.length !== 32)
    return bad("with a key or digest not of 32 bytes");
  if (!isScalar(factor) || isZero(factor)) return bad("with a blind that is no scalar");
  const index = new DataView(number.buffer, number.byteOffset).getUint32(0);
  const hashes = Array.from({ length: path.length / 32 }, (_, i) => path.slice(32 * i, 32 * (i + 1)));
  return ok({ request, response, index, input, blind: factor, partnerKey, previous, proof: { shard, path: hashes } });
}

/**
 * Whether the set that a party committed to holds what the asker asked for: shown by its own signature, its key and its
 * committed set, to anybody. A fault where the transcript does not show it.
 */
export function verifyTranscript(
  group: Group,
  published: PublishedSet,
  transcript: Transcript,
): Result<boolean, TranscriptFault> {
  const { index, input, blind: factor, partnerKey } = transcript;
  const request = parseRequest(transcript.request);
  if (!request.ok) return request;
  const { blinded, set, spent } = request.value;
  if (!equalBytes(set, published.set)) return bad("about another set");
  const count = blinded.length / ELEMENT_BYTES;
  const response = parseResponse(transcript.response, count);
  if (!response.ok) return response;
  const { evaluated, proof, signature } = response.value;
  const proven = verifyProof(group, { publicKey: published.publicKey, blinded, evaluated }, proof);
  if (!proven.ok) return proven;
  const receipt = receiptBytes({
    set,
    request: requestDigest(transcript.request),
    answer: answerDigest(evaluated, proof),
    count,
    spent: spent + count,
    previous: transcript.previous,
  });
  if (!isReceiptBy(published.answererKey, receipt, signature))
    return err("bad-receipt", "transcript: not signed by it");
  if (factor.length !== SCALAR_BYTES || index >= count) return bad("about an element that is not there");
  const again = blind(group, "voprf", [input], factor);
  if (!equalBytes(again, at(blinded, index))) return bad("about another input than was asked for");
  const outputs = finalize(group, published.publicKey, [input], factor, at(evaluated, index));
  if (!outputs.ok) return outputs;
  if (!equalBytes(sha256(partnerKey), published.partnerKeyDigest)) return bad("with another key than the partner's");
  return verifyTag(published, tagOf(partnerKey, outputs.value[0] as Bytes), transcript.proof);
}

function bad(what: string): ReturnType<typeof err<"bad-transcript">> {
  return err("bad-transcript", `transcript: ${what}; it proves nothing`);
}
