export type Packing = "gzip" | "zstd";

/** So many bytes tell every packing. */
export const MAGIC_BYTES = 4;

/**
 * Tells by its first bytes whether a file is packed: gzip (RFC 1952 §2.3.1) or zstd (RFC 8878 §3.1), where the first
 * frame may be a skippable one.
 */
export function packingOf(first: Uint8Array): Packing | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = first;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  if (a >> 4 === 0x5 && b === 0x2a && c === 0x4d && d === 0x18) return "zstd";
  return undefined;
}
