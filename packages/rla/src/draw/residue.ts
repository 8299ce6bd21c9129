import type { Bytes } from "@detente/basics";

/** `digest`, read as a big-endian whole number, modulo `modulus` (1 to 2^37): exact, two bytes at a time. */
export function residue(digest: Bytes, modulus: number): number {
  let rest = 0;
  for (let i = 0; i < digest.length; i += 2) {
    rest = (rest * 65_536 + (digest[i] as number) * 256 + (digest[i + 1] as number)) % modulus;
  }
  return rest;
}
