import type { Bytes } from "@detente/basics";
import { ristretto255 } from "@noble/curves/ed25519.js";

export const ORDER: bigint = ristretto255.Point.Fn.ORDER;

/** 32 bytes, little-endian. */
export function scalar(value: bigint): Bytes {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

export function integer(bytes: Bytes): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Values at which windows, digits and carries turn over. */
export const EDGES: readonly Bytes[] = [
  ...[0n, 1n, 2n, 7n, 8n, 9n, 15n, 16n, 127n, 128n, 129n, 255n, 256n, ORDER - 2n, ORDER - 1n].map(scalar),
  ...[16n, 32n, 64n, 127n, 128n, 192n, 251n, 252n].flatMap((bit) => [scalar(2n ** bit - 1n), scalar(2n ** bit)]),
  scalar(BigInt(`0x${"8".repeat(62)}`)),
  scalar(BigInt(`0x${"7".repeat(62)}`)),
  scalar(BigInt(`0x${"f".repeat(62)}`)),
];
