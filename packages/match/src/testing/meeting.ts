import { type Bytes, unwrap, utf8 } from "@detente/basics";
import type { Group } from "../group.ts";
import {
  checkContents,
  commonPlaces,
  contentsMessage,
  doublingPart,
  proofOf,
  type Prover,
  provePart,
  verifyPart,
} from "../intersect/contents.ts";
import { countCommon, countedMessage, readCounted } from "../intersect/counted.ts";
import {
  arrangeList,
  blindPart,
  checkList,
  type ListCommitment,
  meetingKey,
  multiplyPart,
  paddingBytes,
} from "../intersect/list.ts";
import { batchesOf } from "../intersect/message.ts";
import { setClass } from "../set/tag.ts";
import { noise } from "./parties.ts";

/** One side of a meeting in one process. */
export interface Side {
  readonly prover: Prover;
  readonly inputs: readonly (Bytes | undefined)[];
  readonly list: Bytes;
  readonly blinded: Bytes;
  readonly commitment: ListCommitment;
}

/** After it has taken the other's list. */
export interface Met extends Side {
  readonly theirs: ListCommitment;
  readonly theirBlinded: Bytes;
  readonly doubled: Bytes;
  readonly counted: Bytes;
}

/** @param name gives it its randomness */
export function sideOf(group: Group, items: readonly string[], name: string): Side {
  const { key, publicKey } = meetingKey(group, noise(64, `${name} key`));
  const size = setClass(items.length);
  const inputs = items.map(utf8);
  const elements = blindPart(group, key, inputs, noise(paddingBytes(size - items.length), `${name} padding`));
  const { message, digest, order } = arrangeList(elements);
  return {
    prover: { key, publicKey, nonceKey: noise(32, `${name} nonce`) },
    inputs: [...order].map((place) => inputs[place]),
    list: message,
    blinded: message.subarray(5),
    commitment: { publicKey, count: size, digest },
  };
}

export function meet(group: Group, side: Side, theirs: ListCommitment, list: Bytes): Met {
  const theirBlinded = unwrap(checkList(theirs, list));
  const doubled = unwrap(multiplyPart(group, side.prover.key, theirBlinded));
  return { ...side, theirs, theirBlinded, doubled, counted: countedMessage(doubled) };
}

export function count({ counted, commitment, theirs }: Met, message: Bytes): ReturnType<typeof countCommon> {
  return countCommon({ ours: counted, theirs: message }, { ours: commitment.count, theirs: theirs.count });
}

export function show(group: Group, { prover, theirBlinded, doubled, theirs }: Met): Bytes {
  const all = { blinded: theirBlinded, doubled };
  const parts = Array.from({ length: batchesOf(theirs.count) }, (_, i) =>
    provePart(group, prover, doublingPart(all, i)),
  );
  return contentsMessage(doubled, parts);
}

/** What both have, by the other's messages; the first fault where they are false. */
export function learn(
  group: Group,
  met: Met,
  message: Bytes,
  counted: Bytes,
): { readonly ok: true; readonly value: readonly string[] } | { readonly ok: false; readonly fault: { code: string } } {
  const { commitment, theirs, blinded, inputs } = met;
  const claimed = readCounted(counted, commitment.count);
  if (!claimed.ok) return claimed;
  const shown = checkContents(message, commitment.count, claimed.value);
  if (!shown.ok) return shown;
  const { elements, proofs } = shown.value;
  for (let i = 0; i < batchesOf(commitment.count); i++) {
    const verified = verifyPart(
      group,
      theirs.publicKey,
      doublingPart({ blinded, doubled: elements }, i),
      proofOf(proofs, i),
    );
    if (!verified.ok) return verified;
  }
  const common = commonPlaces(elements, unwrap(readCounted(met.counted, theirs.count)));
  return { ok: true, value: common.map((i) => Buffer.from(inputs[i] ?? "padding").toString()).toSorted() };
}
