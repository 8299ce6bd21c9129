import { type Bytes, type Fault, type Result, utf8 } from "@detente/basics";
import {
  arrangeList,
  type BadElement,
  type BadMessage,
  blindPart,
  checkContents,
  checkList,
  commonPlaces,
  countCommon,
  countedMessage,
  type Doubling,
  type Group,
  type ListCommitment,
  meetingKey,
  multiplyPart,
  type Parts,
  type Prover,
  provePart,
  verifyPart,
} from "@detente/match";

/** What threads do for meetings: pure functions, whose input and output can be handed from one thread to another. */
export const MEETING_OPERATIONS = {
  meetingKey(group: Group, random: Bytes): { readonly key: Bytes; readonly publicKey: Bytes } {
    return meetingKey(group, random);
  },

  blindPart(
    group: Group,
    { key, inputs, padding }: { readonly key: Bytes; readonly inputs: readonly string[]; readonly padding: Bytes },
  ): Bytes {
    return blindPart(group, key, inputs.map(utf8), padding);
  },

  arrangeList(_: Group, elements: Bytes): ReturnType<typeof arrangeList> {
    return arrangeList(elements);
  },

  checkList(
    _: Group,
    order: { readonly committed: Pick<ListCommitment, "count" | "digest">; readonly message: Bytes },
  ): Result<Bytes, BadMessage | Fault<"not-committed">> {
    return checkList(order.committed, order.message);
  },

  multiplyPart(
    group: Group,
    { key, elements }: { readonly key: Bytes; readonly elements: Bytes },
  ): Result<Bytes, BadElement> {
    return multiplyPart(group, key, elements);
  },

  countedMessage(_: Group, doubled: Bytes): Bytes {
    return countedMessage(doubled);
  },

  countCommon(
    _: Group,
    order: {
      readonly messages: { readonly ours: Bytes; readonly theirs: Bytes };
      readonly counts: { readonly ours: number; readonly theirs: number };
    },
  ): Result<number, BadMessage> {
    return countCommon(order.messages, order.counts);
  },

  provePart(group: Group, { prover, part }: { readonly prover: Prover; readonly part: Doubling }): Bytes {
    return provePart(group, prover, part);
  },

  checkContents(
    _: Group,
    order: { readonly message: Bytes; readonly count: number; readonly counted: Bytes },
  ): Result<Parts, BadMessage | Fault<"not-as-counted">> {
    return checkContents(order.message, order.count, order.counted);
  },

  verifyPart(
    group: Group,
    { publicKey, part, proof }: { readonly publicKey: Bytes; readonly part: Doubling; readonly proof: Bytes },
  ): Result<void, BadElement | Fault<"bad-proof">> {
    return verifyPart(group, publicKey, part, proof);
  },

  commonPlaces(_: Group, { shown, ours }: { readonly shown: Bytes; readonly ours: Bytes }): readonly number[] {
    return commonPlaces(shown, ours);
  },
};

export type MeetingOperations = typeof MEETING_OPERATIONS;
