import { type Bytes, concatBytes } from "@detente/basics";

/**
 * The exchange of bodies between stations. Asked: up to 256 SHA-256 digests, one after another. Answered: for each, in
 * order, a u32 (big endian) and so many bytes of body. Two lengths stand for no body.
 */
export const MAX_DIGESTS = 256;

/** Not here, or not for you: which of the two is not said. */
const ABSENT = 0;
/** The answer is full: ask again for this one. */
const LATER = 0xffff_ffff;

export type BodyAnswer = Bytes | "absent" | "later";

export function formatDigests(digests: readonly Bytes[]): Bytes {
  return concatBytes(...digests);
}

/** `undefined` where these are not 1 to 256 whole digests. */
export function parseDigests(body: Bytes): Bytes[] | undefined {
  const count = body.length / 32;
  if (!Number.isInteger(count) || count < 1 || count > MAX_DIGESTS) return undefined;
  return Array.from({ length: count }, (_, i) => body.subarray(32 * i, 32 * i + 32));
}

export function formatBodies(answers: readonly BodyAnswer[]): Bytes {
  const parts: Bytes[] = [];
  for (const answer of answers) {
    const length = new Uint8Array(4);
    const value = answer === "absent" ? ABSENT : answer === "later" ? LATER : answer.length;
    new DataView(length.buffer).setUint32(0, value);
    parts.push(length);
    if (typeof answer !== "string") parts.push(answer);
  }
  return concatBytes(...parts);
}

/** Reads exactly `count` answers; `undefined` where the bytes are not that. Digests are for the caller to check. */
export function parseBodies(bytes: Bytes, count: number): BodyAnswer[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const answers: BodyAnswer[] = [];
  let at = 0;
  while (answers.length < count) {
    if (at + 4 > bytes.length) return undefined;
    const length = view.getUint32(at);
    at += 4;
    if (length === ABSENT || length === LATER) {
      answers.push(length === ABSENT ? "absent" : "later");
      continue;
    }
    if (at + length > bytes.length) return undefined;
    answers.push(bytes.slice(at, at + length));
    at += length;
  }
  return at === bytes.length ? answers : undefined;
}
