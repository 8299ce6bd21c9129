import { assert, type Bytes, concatBytes, toHex } from "@detente/basics";
import { ELEMENT_BYTES, paddingBytes, setClass } from "@detente/match";
import type { MeetingList } from "@detente/record";
import type { MatchThreads } from "../matching/threads.ts";
import type { OwnSide } from "./folder.ts";
import { inParts, PART } from "./in-parts.ts";

/** A list under a key of its own, ready to be committed to. */
export interface MadeList {
  readonly side: OwnSide;
  readonly message: Bytes;
  readonly committed: MeetingList;
}

/**
 * Puts a list under a fresh key and fills it up to its class.
 * @param inputs distinct, at most 2^20
 */
export async function makeList(
  threads: MatchThreads,
  random: (length: number) => Bytes,
  inputs: readonly string[],
): Promise<MadeList> {
  const { key, publicKey } = await threads.run("meetingKey", random(64));
  const count = setClass(inputs.length);
  const run = (from: number, to: number): Promise<Bytes> => {
    const own = inputs.slice(from, to);
    return threads.run("blindPart", { key, inputs: own, padding: random(paddingBytes(to - from - own.length)) });
  };
  const elements = concatBytes(...(await inParts(threads, count, PART, run, () => undefined)));
  const { message, digest, order } = await threads.run("arrangeList", elements);
  const ordered = Array.from(order, (place) => inputs[place] ?? null);
  const side = { prover: { key, publicKey, nonceKey: random(32) }, inputs: ordered };
  return { side, message, committed: { key: toHex(publicKey), count, digest: toHex(digest) } };
}

/** The elements from `from` to before `to`, in bytes of their own. */
export function elementsOf(elements: Bytes, from: number, to: number): Bytes {
  return elements.slice(ELEMENT_BYTES * from, ELEMENT_BYTES * to);
}

/** The indicator that was put in as `kind:value`. */
export function indicatorOf(input: string): { readonly kind: string; readonly value: string } {
  const colon = input.indexOf(":");
  assert(colon > 0, "an input has its kind in front");
  return { kind: input.slice(0, colon), value: input.slice(colon + 1) };
}
