import { type Bytes, fromBase64, toBase64 } from "@detente/basics";

const HASH_LENGTH = 32;

/** Reads a SHA-256 hash from its base64 line; `undefined` for anything else. */
export function parseHashLine(line: string): Bytes | undefined {
  if (line.length !== 44) return undefined;
  const hash = fromBase64(line);
  return hash?.length === HASH_LENGTH ? hash : undefined;
}

/** Writes hashes as base64, each on a line of its own that ends in a newline. */
export function formatHashLines(hashes: readonly Bytes[]): string {
  return hashes.map((hash) => `${toBase64(hash)}\n`).join("");
}

/** Reads every line as a hash; `undefined` where one is not. */
export function parseHashLines(lines: readonly string[]): Bytes[] | undefined {
  const hashes: Bytes[] = [];
  for (const line of lines) {
    const hash = parseHashLine(line);
    if (hash === undefined) return undefined;
    hashes.push(hash);
  }
  return hashes;
}
