import type { Bytes } from "../bytes.ts";
import { fromHex } from "../encoding.ts";

/** The field's prime p = 2^255 - 19 and the group's order L, little-endian (RFC 8032 §5.1). */
const FIELD_PRIME = known("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
const GROUP_ORDER = known("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

/**
 * The y coordinates of the eight points whose order divides the cofactor: 1, -1, 0, and the two of order 8.
 * A signature by such a key covers many messages at once (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs",
 * 2020, table 5).
 */
const SMALL_ORDER_Y: readonly Bytes[] = [
  known("0100000000000000000000000000000000000000000000000000000000000000"),
  known("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
  known("0000000000000000000000000000000000000000000000000000000000000000"),
  known("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
  known("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
];

/**
 * Whether a key (32 bytes) is encoded in the one canonical way and not of small order. That the point is on the curve
 * is left to the verification. (x = 0 with its sign bit set, the other non-canonical form, is of small order.)
 */
export function isPlainPublicKey(key: Bytes): boolean {
  // Not `slice`: of a Buffer it is a view, and the bit would be cleared in the caller's key.
  const y = Uint8Array.from(key);
  y[31] = (y[31] as number) & 0x7f;
  return isBelow(y, FIELD_PRIME) && !SMALL_ORDER_Y.some((small) => y.every((byte, i) => byte === small[i]));
}

/** Whether a scalar (32 bytes) is below the group's order: otherwise a signature would have a second form. */
export function isReducedScalar(scalar: Bytes): boolean {
  return isBelow(scalar, GROUP_ORDER);
}

/** Compares little-endian numbers of 32 bytes. */
function isBelow(value: Bytes, limit: Bytes): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (value[i] as number) - (limit[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function known(hex: string): Bytes {
  return fromHex(hex) as Bytes;
}
