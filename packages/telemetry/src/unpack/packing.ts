import { utf16Of } from "./utf-16.ts";

export type Packing = "gzip" | "zstd";

/** So many bytes tell a packing that is undone here, and an encoding. */
export const PACKING_BYTES = 4;
/** So many bytes tell every packing. */
export const MAGIC_BYTES = 10;

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

/** Whether what a file holds is not what is screened: it is packed, or UTF-16. @param first `PACKING_BYTES` of it */
export function needsUnpacking(first: Uint8Array): boolean {
  return packingOf(first) !== undefined || utf16Of(first) !== undefined;
}

/** How what we do not unpack begins: the formats' own documents, and the tool that unpacks it. */
const OTHERS: readonly (readonly [magic: RegExp, what: string, tool: string])[] = [
  [/^\xfd7zXZ\0/, "xz", "xz -dc"],
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, "bzip2", "bzip2 -dc"],
  [/^PK\x03\x04/, "zip", "unzip -p"],
  [/^\x04\x22\x4d\x18/, "lz4", "lz4 -dc"],
  [/^7z\xbc\xaf\x27\x1c/, "7-Zip", "7z x -so"],
  [/^\x1f\x9d/, "compress", "uncompress -c"],
];

/**
 * What is to be said of an input that was screened as it stands though it is packed; `undefined` where it is not.
 * @param first at least `MAGIC_BYTES` of it where there are so many
 */
export function packedOtherwise(first: Uint8Array): string | undefined {
  const text = String.fromCharCode(...first.subarray(0, MAGIC_BYTES));
  const known = OTHERS.find(([magic]) => magic.test(text));
  return known && `is packed by ${known[1]}, which is not unpacked here — unpack it first (${known[2]})`;
}
