import { timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sha256, toHex, utf8 } from "@detente/basics";
import { writeFileDurably } from "./files.ts";

/** The officer's token: whoever reads this file (mode 0600) may speak for the party through its station. */
const TOKEN_FILE = "officer.token";

export async function createToken(dir: string, random: (length: number) => Uint8Array): Promise<void> {
  await writeFileDurably(`${dir}/${TOKEN_FILE}`, `${toHex(random(32))}\n`, 0o600);
}

export async function readToken(dir: string): Promise<string> {
  return (await readFile(`${dir}/${TOKEN_FILE}`, "utf8")).trim();
}

/** Compares in constant time, whatever the lengths. */
export function tokenMatches(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(utf8(given)), sha256(utf8(expected)));
}
