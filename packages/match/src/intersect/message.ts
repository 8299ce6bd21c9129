import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { ELEMENT_BYTES } from "../group.ts";
import { PROOF_BYTES } from "../oprf/dleq.ts";
import { MAX_BATCH } from "../lookup/batch-class.ts";

/** Elements of a list at most. */
export const MAX_LIST: number = 2 ** 20;

const MAGIC = utf8("DMI1");
const HEAD_BYTES = MAGIC.length + 1;

/** What a message of an intersection is: a blinded list, the other's list evaluated and sorted, or evaluated and proven. */
export type Step = "list" | "counted" | "contents";

export const STEPS: Readonly<Record<Step, number>> = { list: 1, counted: 2, contents: 3 };

export interface Parts {
  readonly elements: Bytes;
  /** 64 bytes for each 1024 elements, in `contents`; empty otherwise. */
  readonly proofs: Bytes;
}

export type BadMessage = Fault<"bad-message">;

/** "DMI1", the step (1 byte), elements, proofs. */
export function encodeStep(step: Step, elements: Bytes, proofs: Bytes = new Uint8Array(0)): Bytes {
  return concatBytes(MAGIC, Uint8Array.of(STEPS[step]), elements, proofs);
}

/** How long the message of a step is for so many elements. */
export function messageBytes(step: Step, count: number): number {
  return HEAD_BYTES + ELEMENT_BYTES * count + (step === "contents" ? PROOF_BYTES * batchesOf(count) : 0);
}

/** @param count of elements that both sides committed to, by whoever's list it is */
export function parseStep(step: Step, bytes: Bytes, count: number): Result<Parts, BadMessage> {
  const end = HEAD_BYTES + ELEMENT_BYTES * count;
  const isStep = equalBytes(bytes.subarray(0, MAGIC.length), MAGIC) && bytes[MAGIC.length] === STEPS[step];
  if (!isStep || count > MAX_LIST || bytes.length !== messageBytes(step, count)) return badMessage(step, count);
  return ok({ elements: bytes.slice(HEAD_BYTES, end), proofs: bytes.slice(end) });
}

export function badMessage(step: Step, count: number): ReturnType<typeof err<"bad-message">> {
  const order = step === "contents" ? "" : ", ascending, each once";
  return err("bad-message", `meeting: no ${step} of ${count} elements${order}; end the meeting and keep the message`);
}

/** How many proofs there are for so many elements. */
export function batchesOf(count: number): number {
  return Math.ceil(count / MAX_BATCH);
}
