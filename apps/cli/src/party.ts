import { canonicalJsonBytes, compareText, type Json, sha256 } from "@detente/basics";
import { charterDigest, type CharterDocument, parseCharter, parsePartyFile, type PartyFile } from "@detente/record";
import type { Cli } from "./cli.ts";
import { exists, readWhole } from "./files.ts";
import { orTrouble, Trouble } from "./trouble.ts";
import { plain } from "./ui/text.ts";

const MAX_PARTY_FILE: number = 64 * 1024;
const MAX_CHARTER: number = 1024 * 1024;
const GROUPS = 6;
const BYTES_PER_GROUP = 5;

export async function readPartyFile(path: string): Promise<PartyFile> {
  return orTrouble(parsePartyFile(await readWhole(path, MAX_PARTY_FILE)), path);
}

/** The party file of the station itself. */
export async function ownPartyFile(dir: string): Promise<PartyFile> {
  const path = `${dir}/party.json`;
  if (await exists(path)) return readPartyFile(path);
  throw new Trouble(dir, "holds no station", `run \`detente init --data ${dir}\` first, or name another with --data`);
}

/** Reads a charter document: canonical JSON, with or without a line feed at its end. */
export async function readCharter(path: string): Promise<CharterDocument> {
  const bytes = await readWhole(path, MAX_CHARTER);
  return orTrouble(parseCharter(bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes), path);
}

/**
 * What two people read to each other to know that they have the same party file: six groups of five digits, each from
 * five bytes of the SHA-256 of its canonical bytes (2^99 tries to find another file with the same). Digits, since the
 * two may share no other language.
 */
export function fingerprint(party: PartyFile): string {
  const digest = sha256(canonicalJsonBytes(party as unknown as Json));
  const groups = Array.from({ length: GROUPS }, (_, i) => {
    const bytes = digest.subarray(i * BYTES_PER_GROUP, (i + 1) * BYTES_PER_GROUP);
    const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % 100_000).padStart(5, "0");
  });
  return groups.join(" ");
}

/** The parties of a charter, ascending and each once. */
export function sortedParties(parties: readonly PartyFile[]): PartyFile[] {
  const distinct = new Map(parties.map((party) => [fingerprint(party), party]));
  return [...distinct.values()].sort((a, b) => compareText(a.name, b.name));
}

/** A charter for people. */
export function charterLines(cli: Cli, document: CharterDocument): string[] {
  const rows = document.parties.map((party) => [party.name, fingerprint(party), party.url]);
  return [
    `${cli.palette.strong(plain(document.title))}: ${plain(document.purpose, 500)}`,
    `digest ${charterDigest(document)}`,
    `quorum ${document.quorum} of ${document.parties.length - 1} others, attempt ${document.attempt}`,
    ...(document.base === undefined ? [] : [`amends ${document.base}`]),
    "",
    ...cli.table(["party", "fingerprint", "address"], rows),
  ];
}
