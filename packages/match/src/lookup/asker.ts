import { assert, type Bytes, concatBytes, err, type Fault, ok, type Result } from "@detente/basics";
import { type BadElement, type Decoded, ELEMENT_BYTES, firstOf, type Group, UNIFORM_BYTES } from "../group.ts";
import { verifyProof } from "../oprf/dleq.ts";
import { finalize } from "../oprf/oprf.ts";
import { uniformOf } from "../oprf/suite.ts";
import { batchClass } from "./batch-class.ts";
import { isReceiptBy, NO_RECEIPT, receiptBytes, receiptDigest } from "./receipt.ts";
import { encodeRequest, ID_BYTES, parseRequest, type Request, requestDigest, SIGNATURE_BYTES } from "./request.ts";
import { answerDigest, type BadResponse, parseResponse, type Response } from "./response.ts";

/** A partner's set as the record has it. */
export interface AskedSet {
  readonly set: Bytes;
  readonly publicKey: Bytes;
  /** The Ed25519 key that signs the partner's receipts. */
  readonly answererKey: Bytes;
}

/** Where the asker stands with a set: what the next request has to say. */
export interface Tab {
  readonly spent: number;
  readonly countersignature: Bytes;
  /** The digest of the last receipt. */
  readonly previous: Bytes;
}

export const NEW_TAB: Tab = { spent: 0, countersignature: new Uint8Array(SIGNATURE_BYTES), previous: NO_RECEIPT };

/**
 * A request on its way. To be kept durably before it is sent, and sent again after a crash: the same request is paid for
 * once. The blinds are secret: with them the request shows what was asked.
 */
export interface Asked {
  readonly request: Bytes;
  readonly inputs: readonly Bytes[];
  /** One for each element, those of the padding too. */
  readonly blinds: Bytes;
}

/** Random bytes that `ask` wants for so many questions. */
export function randomBytesToAsk(questions: number): number {
  return 2 * UNIFORM_BYTES * batchClass(questions) + ID_BYTES;
}

/** Questions that are blinded already, which does not depend on how the request before went. */
export interface Prepared {
  readonly id: Bytes;
  readonly blinded: Bytes;
  readonly blinds: Bytes;
}

/**
 * Blinds questions, padded to their class with elements that stand for nothing.
 * @param inputs 1 to 1024, see `matchInput`
 * @param random fresh bytes, as many as `randomBytesToAsk` says
 */
export function prepare(group: Group, inputs: readonly Bytes[], random: Bytes): Prepared {
  assert(random.length === randomBytesToAsk(inputs.length), "as much randomness as is asked for");
  const half = UNIFORM_BYTES * batchClass(inputs.length);
  const blinds = group.reduce(random.subarray(0, half));
  const padding = random.subarray(half + UNIFORM_BYTES * inputs.length, 2 * half);
  const uniform = concatBytes(uniformOf(group, "voprf", inputs), padding);
  return { blinds, blinded: group.addToUniform(uniform, blinds), id: random.slice(2 * half) };
}

/** The request of prepared questions. */
export function requestOf(
  set: Bytes,
  { spent, countersignature }: Tab,
  { id, blinded }: Pick<Prepared, "id" | "blinded">,
): Bytes {
  return encodeRequest({ set, id, spent, countersignature, blinded });
}

/** `prepare`, then `requestOf`. */
export function ask(group: Group, set: Bytes, tab: Tab, inputs: readonly Bytes[], random: Bytes): Asked {
  const prepared = prepare(group, inputs, random);
  return { request: requestOf(set, tab, prepared), inputs, blinds: prepared.blinds };
}

/** What an answer gives. */
export interface Outcome {
  /** The function's output, 64 bytes, for each input. */
  readonly outputs: readonly Bytes[];
  readonly tab: Tab;
}

export type AnswerFault = BadResponse | BadElement | Fault<"bad-proof" | "bad-receipt">;

type Sign = (message: Bytes) => Bytes;

/**
 * Checks an answer, countersigns its receipt, and takes the blinds out: in this order, see `finalize`.
 * @param sign Ed25519, by the asker's own key on the record
 */
export function finish(
  group: Group,
  set: AskedSet,
  tab: Tab,
  asked: Asked,
  response: Bytes,
  sign: Sign,
): Result<Outcome, AnswerFault> {
  const { blinded, parsed } = opened(asked.request, response);
  if (!parsed.ok) return parsed;
  const decoded = group.decode(parsed.value.evaluated);
  if (!decoded.ok) return decoded;
  const accepted = checked(group, set, tab, asked.request, blinded, parsed.value, decoded.value, sign);
  if (!accepted.ok) return accepted;
  const outputs = unblinded(group, set, asked, decoded.value);
  return outputs.ok ? ok({ outputs: outputs.value, tab: accepted.value }) : outputs;
}

/** The first half of `finish`: checks an answer and countersigns its receipt. @returns where the asker stands then */
export function accept(
  group: Group,
  set: AskedSet,
  tab: Tab,
  request: Bytes,
  response: Bytes,
  sign: Sign,
): Result<Tab, AnswerFault> {
  const { blinded, parsed } = opened(request, response);
  if (!parsed.ok) return parsed;
  const decoded = group.decode(parsed.value.evaluated);
  if (!decoded.ok) return decoded;
  return checked(group, set, tab, request, blinded, parsed.value, decoded.value, sign);
}

/**
 * The other half, which another thread may do meanwhile. What it gives of an answer that is not accepted depends on the
 * blinds: that must be thrown away, unlooked at (see `finalize`).
 */
export function unblind(
  group: Group,
  set: AskedSet,
  asked: Asked,
  response: Bytes,
): Result<readonly Bytes[], BadResponse | BadElement> {
  const { parsed } = opened(asked.request, response);
  if (!parsed.ok) return parsed;
  const decoded = group.decode(parsed.value.evaluated);
  return decoded.ok ? unblinded(group, set, asked, decoded.value) : decoded;
}

interface Opened {
  readonly blinded: Bytes;
  readonly parsed: Result<Response, BadResponse>;
}

function opened(request: Bytes, response: Bytes): Opened {
  const { blinded } = ownRequest(request);
  return { blinded, parsed: parseResponse(response, blinded.length / ELEMENT_BYTES) };
}

function checked(
  group: Group,
  set: AskedSet,
  tab: Tab,
  request: Bytes,
  blinded: Bytes,
  { evaluated, proof, signature }: Response,
  decoded: Decoded,
  sign: Sign,
): Result<Tab, BadElement | Fault<"bad-proof" | "bad-receipt">> {
  const proven = verifyProof(group, { publicKey: set.publicKey, blinded, evaluated: decoded }, proof);
  if (!proven.ok) return proven;
  const count = blinded.length / ELEMENT_BYTES;
  const receipt = receiptBytes({
    set: set.set,
    request: requestDigest(request),
    answer: answerDigest(evaluated, proof),
    count,
    spent: tab.spent + count,
    previous: tab.previous,
  });
  if (!isReceiptBy(set.answererKey, receipt, signature)) {
    return err("bad-receipt", "response: its receipt does not follow the one before; keep both and complain");
  }
  return ok({ spent: tab.spent + count, countersignature: sign(receipt), previous: receiptDigest(receipt) });
}

function unblinded(
  group: Group,
  { publicKey }: AskedSet,
  { inputs, blinds }: Asked,
  decoded: Decoded,
): Result<readonly Bytes[], BadElement> {
  const real = firstOf(decoded, inputs.length);
  return finalize(group, publicKey, inputs, blinds.subarray(0, real.bytes.length), real);
}

function ownRequest(request: Bytes): Request {
  const parsed = parseRequest(request);
  assert(parsed.ok, "a request of our own is well formed");
  return parsed.value;
}
