import { timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sha256, toHex, utf8 } from "@detente/basics";
import { writeFileDurably } from "./files.ts";

/**
 * Secrets that open a station's interface to whoever reads their file (mode 0600): `officer` may speak for the party,
 * `metrics` may read its figures.
 */
const TOKENS = ["officer", "metrics"] as const;

export async function createTokens(dir: string, random: (length: number) => Uint8Array): Promise<void> {
  for (const name of TOKENS) await writeFileDurably(`${dir}/${name}.token`, `${toHex(random(32))}\n`, 0o600);
}

export async function readToken(dir: string, name: (typeof TOKENS)[number]): Promise<string> {
  return (await readFile(`${dir}/${name}.token`, "utf8")).trim();
}

/** The token of an Authorization header (RFC 6750 §2.1); undefined where it holds none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
}

/** Compares in constant time, whatever the lengths. */
export function tokenMatches(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(utf8(given)), sha256(utf8(expected)));
}
