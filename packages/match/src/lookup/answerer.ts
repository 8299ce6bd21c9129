import { assert, type Bytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { type BadElement, ELEMENT_BYTES, type Group } from "../group.ts";
import { prove } from "../oprf/dleq.ts";
import { blindEvaluate } from "../oprf/oprf.ts";
import { accountOf, answered, type Ledger } from "./budget.ts";
import { type Receipt, receiptBytes } from "./receipt.ts";
import { type BadRequest, parseRequest, requestDigest } from "./request.ts";
import { answerDigest, encodeResponse } from "./response.ts";

const NONCE: Bytes = utf8("detente match nonce v1\n");

/** What a party answers with: the set's key, and what signs receipts. */
export interface Answerer {
  readonly set: Bytes;
  readonly key: Bytes;
  readonly publicKey: Bytes;
  /** 32 secret random bytes for this set: proofs' nonces are derived from them, so that a repetition repeats the proof. */
  readonly nonceKey: Bytes;
  /** Ed25519, by the key that the record has for the party. */
  readonly sign: (message: Bytes) => Bytes;
}

export interface Answer {
  readonly response: Bytes;
  /** With the receipt noted; to be kept before the response goes out. */
  readonly ledger: Ledger;
}

/**
 * Answers a request that `charge` has just put into the ledger. The same request gets the same bytes.
 * @param multiplied the request's elements times the key, where threads have shared that: most of the work
 */
export function answer(
  group: Group,
  answerer: Answerer,
  ledger: Ledger,
  partner: string,
  request: Bytes,
  multiplied?: Bytes,
): Result<Answer, BadRequest | BadElement | Fault<"other-set">> {
  const parsed = parseRequest(request);
  if (!parsed.ok) return parsed;
  const { set, blinded } = parsed.value;
  if (set.some((byte, i) => byte !== answerer.set[i])) {
    return err("other-set", "request: for another set or epoch; read the newest statement of the set");
  }
  const decoded = group.decode(blinded);
  if (!decoded.ok) return decoded;
  const evaluated = multiplied === undefined ? blindEvaluate(group, answerer.key, decoded.value) : ok(multiplied);
  if (!evaluated.ok) return evaluated;
  const digest = requestDigest(request);
  const all = { publicKey: answerer.publicKey, blinded: decoded.value, evaluated: evaluated.value };
  const proof = prove(group, answerer.key, all, nonceFor(group, answerer, digest));
  if (!proof.ok) return proof;
  const { spent, last } = accountOf(ledger, partner);
  assert(last !== undefined, "what is answered was paid for");
  const receipt = receiptBytes({
    set,
    request: digest,
    answer: answerDigest(evaluated.value, proof.value),
    count: blinded.length / ELEMENT_BYTES,
    spent,
    previous: last.previous,
  } satisfies Receipt);
  const signature = answerer.sign(receipt);
  return ok({
    response: encodeResponse({ proof: proof.value, signature, evaluated: evaluated.value }),
    ledger: answered(ledger, partner, receipt),
  });
}

/** One nonce for each request, which names all that is proven: the elements, and by its set the key. */
function nonceFor(group: Group, { nonceKey }: Answerer, request: Bytes): Bytes {
  return group.reduce(group.sha512([[NONCE, nonceKey, request]]));
}
