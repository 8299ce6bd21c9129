import { readdirSync, readFileSync } from "node:fs";
import { crc32 } from "node:zlib";

const HEADER = 13;
const HEAD = 3;

/**
 * The checkpoint notes in a log's journals as they lie on disk: frames of `[u32 length][u32 crc32][u8 kind][u32 back]`
 * and the payload, a head's being `[u64 size][32 bytes root][note]`. Written from docs/formats.md and not with the
 * store's own reader, which would forget what it does not accept.
 */
export function journalHeads(directory: string): Uint8Array[] {
  const names = readdirSync(directory).filter((name) => name.startsWith("journal-") && name.endsWith(".log"));
  return names.flatMap((name) => headsIn(readFileSync(`${directory}/${name}`)));
}

function headsIn(bytes: Buffer): Uint8Array[] {
  const heads: Uint8Array[] = [];
  for (let at = 0; at + HEADER <= bytes.length;) {
    const end = at + HEADER + bytes.readUInt32BE(at);
    if (end > bytes.length || crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32BE(at + 4)) break;
    if (bytes[at + 8] === HEAD) heads.push(new Uint8Array(bytes.subarray(at + HEADER + 40, end)));
    at = end;
  }
  return heads;
}
