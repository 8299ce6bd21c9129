import {
  type Bytes,
  concatBytes,
  ed25519Sign,
  type Fault,
  hmacSha256,
  type Result,
  sha256,
  unwrap,
  utf8,
} from "@detente/basics";
import {
  accept,
  type Answer,
  answer,
  type Answerer,
  type AnswerFault,
  type Asked,
  type AskedSet,
  blindEvaluate,
  deriveKey,
  encodeDelta,
  encodeSet,
  evaluate,
  finish,
  type Group,
  type Ledger,
  type Outcome,
  prepare,
  type Prepared,
  publicKeyOf,
  readSet,
  sealLabel,
  type SetProof,
  setProver,
  type Tab,
  TAG_BYTES,
  tagOf,
  tagSet,
  TagSet,
  unblind,
} from "@detente/match";
import type { Indicator } from "@detente/record";
import { COPY_OPERATIONS, type Tags } from "./copy-operations.ts";
import type { Sent } from "./tabs.ts";

/** What goes into the derivation of a set's key beside its seed (RFC 9497 §3.2.1). */
const KEY_INFO: Bytes = utf8("detente match v1");

/** A partner's part of an edition, as bytes to be served. */
export interface BuiltEdition {
  /** The set file. */
  readonly tags: Bytes;
  readonly root: Bytes;
  readonly count: number;
  /** In the order of the tags. */
  readonly labels: Bytes;
  readonly labelsDigest: Bytes;
  /** What makes the edition before into this one; none where a label that stays has changed, or there is none before. */
  readonly step: { readonly delta: Bytes; readonly newLabels: Bytes } | undefined;
}

/** An edition as it was built before: its set file and labels. */
interface EditionBefore {
  readonly file: Bytes;
  readonly labels: Bytes;
}

/** An answer to be checked, and what it is the answer to. */
export interface FinishOrder {
  readonly set: AskedSet;
  readonly tab: Tab;
  readonly asked: Sent;
  readonly response: Bytes;
  /** Of the key that countersigns. */
  readonly seed: Bytes;
}

/** What is done by threads: functions of their input alone, whose input and output can be handed from one thread to another. */
export const OPERATIONS = {
  ...COPY_OPERATIONS,

  /** Key and public key from a seed of 32 bytes. */
  derive(group: Group, seed: Bytes): { readonly key: Bytes; readonly publicKey: Bytes } {
    const key = deriveKey(group, "voprf", seed, KEY_INFO);
    return { key, publicKey: publicKeyOf(group, key) };
  },

  /** The function's outputs for whoever has the key. */
  evaluate(
    group: Group,
    { key, inputs }: { readonly key: Bytes; readonly inputs: readonly string[] },
  ): readonly Bytes[] {
    return evaluate(group, "voprf", key, inputs.map(utf8));
  },

  answer(
    group: Group,
    order: {
      readonly answerer: Omit<Answerer, "sign">;
      readonly receiptSeed: Bytes;
      readonly ledger: Ledger;
      readonly partner: string;
      readonly request: Bytes;
      readonly multiplied?: Bytes;
    },
  ): Result<Answer, Fault<"bad-request" | "bad-element" | "other-set">> {
    const sign = (message: Bytes): Bytes => ed25519Sign(order.receiptSeed, message);
    return answer(group, { ...order.answerer, sign }, order.ledger, order.partner, order.request, order.multiplied);
  },

  /** A part of what answering takes: elements times a key. */
  multiply(
    group: Group,
    { key, elements }: { readonly key: Bytes; readonly elements: Bytes },
  ): Result<Bytes, Fault<"bad-element">> {
    return blindEvaluate(group, key, elements);
  },

  prepare(group: Group, { inputs, random }: { readonly inputs: readonly string[]; readonly random: Bytes }): Prepared {
    return prepare(group, inputs.map(utf8), random);
  },

  finish(group: Group, order: FinishOrder): Result<Outcome, AnswerFault> {
    return finish(group, order.set, order.tab, askedOf(order), order.response, signerOf(order));
  },

  accept(group: Group, order: FinishOrder): Result<Tab, AnswerFault> {
    return accept(group, order.set, order.tab, order.asked.request, order.response, signerOf(order));
  },

  unblind(group: Group, order: FinishOrder): Result<readonly Bytes[], AnswerFault> {
    return unblind(group, order.set, askedOf(order), order.response);
  },

  async readIndicators(
    _: Group,
    { name, content }: { readonly name: string; readonly content: Bytes },
  ): Promise<readonly Indicator[]> {
    // All else does without these readers, which take longer to load than a thread to start.
    const { readIndicators } = await import("@detente/intel");
    return readIndicators(name, content).items;
  },

  /** The proof that the tag of an output is in a set, or that it is not. */
  proveTag(_: Group, order: { readonly tags: Tags; readonly partnerKey: Bytes; readonly output: Bytes }): SetProof {
    const prove = setProver(new TagSet(order.tags.high, order.tags.low));
    return prove(tagOf(order.partnerKey, order.output));
  },

  /** @param order.outputs of the items, and `order.texts` of their labels */
  build(
    _: Group,
    order: {
      readonly outputs: readonly Bytes[];
      readonly texts: readonly Bytes[];
      readonly partnerKey: Bytes;
      readonly fillerKey: Bytes;
      readonly labelBytes: number;
      readonly before: EditionBefore | undefined;
    },
  ): BuiltEdition {
    const { outputs, texts, partnerKey, fillerKey, labelBytes, before } = order;
    const tags = tagSet(partnerKey, outputs, fillerKey);
    const file = encodeSet(tags);
    const labels = new Uint8Array(labelBytes * tags.count);
    const sealed = new Uint8Array(tags.count);
    for (const [i, output] of outputs.entries()) {
      const place = tags.find(tagOf(partnerKey, output));
      labels.set(sealLabel(output, texts[i] as Bytes, labelBytes), labelBytes * place);
      sealed[place] = 1;
    }
    const packed = tags.bytes();
    for (let place = 0; place < tags.count; place++) {
      if (sealed[place] === 1) continue;
      // A filler's label is sealed with the output of nothing, so that it looks like all others.
      const key = hmacSha256(fillerKey, tagAt(packed, place));
      labels.set(sealLabel(key, new Uint8Array(0), labelBytes), labelBytes * place);
    }
    const step = before === undefined ? undefined : stepFrom(before, tags, labels, labelBytes);
    const { bytes, root, count } = file;
    return { tags: bytes, root, count, labels, labelsDigest: sha256(labels), step };
  },
};

export type Operations = typeof OPERATIONS;

function askedOf({ asked }: FinishOrder): Asked {
  return { ...asked, inputs: asked.inputs.map(utf8) };
}

function signerOf({ seed }: FinishOrder): (message: Bytes) => Bytes {
  return (message) => ed25519Sign(seed, message);
}

function stepFrom(before: EditionBefore, tags: TagSet, labels: Bytes, labelBytes: number): BuiltEdition["step"] {
  const old = unwrap(readSet(before.file)).tags;
  const packed = tags.bytes();
  const added: Bytes[] = [];
  for (let place = 0; place < tags.count; place++) {
    const label = labels.subarray(labelBytes * place, labelBytes * (place + 1));
    const was = old.find(tagAt(packed, place));
    if (was === -1) added.push(label);
    else if (Buffer.compare(label, before.labels.subarray(labelBytes * was, labelBytes * (was + 1))) !== 0)
      return undefined;
  }
  return { delta: encodeDelta(old, tags), newLabels: concatBytes(...added) };
}

function tagAt(packed: Bytes, place: number): Bytes {
  return packed.subarray(TAG_BYTES * place, TAG_BYTES * (place + 1));
}
