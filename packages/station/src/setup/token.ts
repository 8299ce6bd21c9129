import { timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { sha256, toHex, utf8 } from "@detente/basics";
import { writeFileDurably } from "./files.ts";

/** The officer's token: whoever reads this file (mode 0600) may speak for the party through its station. */
const OFFICER = "officer.token";

/** Whoever reads this one may read the station's figures. */
const METRICS = "metrics.token";

export async function createToken(dir: string, random: (length: number) => Uint8Array): Promise<void> {
  await writeFileDurably(`${dir}/${OFFICER}`, `${toHex(random(32))}\n`, 0o600);
}

export async function readToken(dir: string): Promise<string> {
  return (await readFile(`${dir}/${OFFICER}`, "utf8")).trim();
}

/** Makes the token where there is none yet. */
export async function metricsToken(dir: string, random: (length: number) => Uint8Array): Promise<string> {
  const path = `${dir}/${METRICS}`;
  if (!existsSync(path)) await writeFileDurably(path, `${toHex(random(32))}\n`, 0o600);
  return (await readFile(path, "utf8")).trim();
}

/** The token of an Authorization header (RFC 6750 §2.1, RFC 9110 §11.4); undefined where it holds none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

/** Compares in constant time, whatever the lengths. */
export function tokenMatches(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(utf8(given)), sha256(utf8(expected)));
}
