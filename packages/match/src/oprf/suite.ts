import { assert, type Bytes, concatBytes, utf8 } from "@detente/basics";
import { type Group, isZero, UNIFORM_BYTES } from "../group.ts";

/** RFC 9497 §3: without a proof (0x00) and with one (0x01). */
export type Mode = "oprf" | "voprf";

const SUITE = "ristretto255-SHA512";
/** The input block of SHA-512. */
const BLOCK = new Uint8Array(128);
const MAX_INPUT = 0xffff;

/** What a domain separation tag (RFC 9380 §5.3.1) puts behind a message, and behind the first of its two digests. */
interface Domain {
  readonly end: Bytes;
  readonly again: Bytes;
}

interface ModeBytes {
  readonly context: Bytes;
  readonly toGroup: Domain;
  readonly toScalar: Domain;
  readonly deriveKey: Domain;
}

const MODES: Readonly<Record<Mode, ModeBytes>> = { oprf: modeBytes(0x00), voprf: modeBytes(0x01) };

/** CreateContextString (RFC 9497 §3.1). */
export function context(mode: Mode): Bytes {
  return MODES[mode].context;
}

function modeBytes(mode: number): ModeBytes {
  const contextString = concatBytes(utf8("OPRFV1-"), Uint8Array.of(mode), utf8(`-${SUITE}`));
  const domain = (name: string): Domain => {
    const tag = concatBytes(utf8(name), contextString);
    const suffix = concatBytes(tag, Uint8Array.of(tag.length));
    const end = concatBytes(twoBytes(UNIFORM_BYTES), Uint8Array.of(0), suffix);
    return { end, again: concatBytes(Uint8Array.of(1), suffix) };
  };
  const [toGroup, toScalar] = [domain("HashToGroup-"), domain("HashToScalar-")];
  return { context: contextString, toGroup, toScalar, deriveKey: domain("DeriveKeyPair") };
}

/** What HashToGroup (RFC 9497 §4.1) maps to an element: 64 uniform bytes for each input. */
export function uniformOf(group: Group, mode: Mode, inputs: readonly Bytes[]): Bytes {
  return expanded(
    group,
    MODES[mode].toGroup,
    inputs.map((input) => [input]),
  );
}

/** HashToScalar (RFC 9497 §4.1), of many inputs, each in parts. */
export function hashToScalars(group: Group, mode: Mode, inputs: readonly (readonly Bytes[])[]): Bytes {
  return group.reduce(expanded(group, MODES[mode].toScalar, inputs));
}

/**
 * DeriveKeyPair (RFC 9497 §3.2.1), the secret half.
 * @param seed 32 random bytes
 * @param info what the key is for; public
 */
export function deriveKey(group: Group, mode: Mode, seed: Bytes, info: Bytes): Bytes {
  assert(seed.length === 32, "a seed has 32 bytes");
  for (let counter = 0; counter < 256; counter++) {
    const key = group.reduce(expanded(group, MODES[mode].deriveKey, [[seed, prefixed(info), Uint8Array.of(counter)]]));
    if (!isZero(key)) return key;
  }
  throw new Error("invariant broken: 256 digests were all zero modulo the order");
}

/** A string behind its length in two bytes, big-endian, as RFC 9497 writes all that it hashes. */
export function prefixed(bytes: Bytes): Bytes {
  return concatBytes(lengthOf(bytes), bytes);
}

export function lengthOf(bytes: Bytes): Bytes {
  assert(bytes.length <= MAX_INPUT, `an input has at most ${MAX_INPUT} bytes (RFC 9497 §1.2)`);
  return twoBytes(bytes.length);
}

export function twoBytes(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** expand_message_xmd (RFC 9380 §5.3.1) with SHA-512 and 64 bytes of output, which is one block, of messages in parts. */
function expanded(group: Group, { end, again }: Domain, messages: readonly (readonly Bytes[])[]): Bytes {
  const first = group.sha512(messages.map((parts) => [BLOCK, ...parts, end]));
  return group.sha512(messages.map((_, i) => [first.subarray(UNIFORM_BYTES * i, UNIFORM_BYTES * (i + 1)), again]));
}
