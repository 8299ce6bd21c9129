import {
  type Bytes,
  canonicalJsonBytes,
  err,
  type Fault,
  type Json,
  type JsonFault,
  parseCanonicalJson,
  type Result,
  sha256,
  toHex,
} from "@detente/basics";
import { Type } from "typebox";
import { areDistinct, closed, hex64, integer, line, text } from "./forms.ts";
import { MAX_BODY_BYTES, MAX_PARTIES } from "./limits.ts";
import { type PartyFile, partyFileFlaw, partyFileSchema, rawKey, vkeyName } from "./party-file.ts";
import { KEY_ROLES } from "./vocabulary.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";

/** The rules and the members of a unit, as the parties accept them by digest. */
export interface CharterDocument {
  readonly v: 1;
  readonly title: string;
  readonly purpose: string;
  /** 32 random bytes: two units of the same parties and rules are still two units. */
  readonly nonce: string;
  /** How many other parties must have observed a statement before it takes effect: at least the majority of them. */
  readonly quorum: number;
  /** Counts the drafts that compete to amend one charter, from 1. */
  readonly attempt: number;
  /** The digest of the charter that this one amends; a founding charter has none. */
  readonly base?: string;
  /** Ascending by name. */
  readonly parties: readonly PartyFile[];
}

export type CharterFault = JsonFault | ShapeFault | Fault<"too-large">;

export const charterSchema: Type.TObject<{
  v: Type.TLiteral<1>;
  title: Type.TString;
  purpose: Type.TString;
  nonce: Type.TString;
  quorum: Type.TInteger;
  attempt: Type.TInteger;
  base: Type.TOptional<Type.TString>;
  parties: Type.TArray<typeof partyFileSchema>;
}> = closed({
  v: Type.Literal(1),
  title: line(200),
  purpose: text(4000),
  nonce: hex64,
  quorum: integer(1, MAX_PARTIES - 1),
  attempt: integer(1, 1_000_000),
  base: Type.Optional(hex64),
  parties: Type.Array(partyFileSchema, { minItems: 2, maxItems: MAX_PARTIES }),
});

const charterShape: Shape<CharterDocument> = shape<CharterDocument>(charterFlaw)(charterSchema);

/** The least quorum of a unit: the majority of the others, floor((n - 1) / 2) + 1 for n parties. */
export function leastQuorum(parties: number): number {
  return Math.floor((parties - 1) / 2) + 1;
}

/** Reads a charter document from its canonical bytes. */
export function parseCharter(bytes: Bytes): Result<CharterDocument, CharterFault> {
  if (bytes.length > MAX_BODY_BYTES) return err("too-large", `charter: larger than ${MAX_BODY_BYTES} bytes`);
  const json = parseCanonicalJson(bytes);
  return json.ok ? checkCharter(json.value) : json;
}

/** Checks a charter document that is already a value, such as one that is being drafted. */
export function checkCharter(document: unknown): Result<CharterDocument, ShapeFault> {
  return charterShape.check(document, "charter");
}

/** SHA-256 of the document's canonical bytes. The founding charter's digest is the unit's id. */
export function charterDigest(document: CharterDocument): string {
  return toHex(sha256(canonicalJsonBytes(document as unknown as Json)));
}

/** The rules that no schema can say: who may be together in one charter, and how many must observe. */
export function charterFlaw({ parties, quorum }: CharterDocument, place: string): string | undefined {
  const least = leastQuorum(parties.length);
  if (quorum < least || quorum >= parties.length) {
    return `${place}.quorum: expected ${least} to ${parties.length - 1} of ${parties.length} parties (the majority of the others at least)`;
  }
  for (const [i, party] of parties.entries()) {
    const before = parties[i - 1];
    if (before !== undefined && before.name >= party.name) {
      return `${place}.parties: must be ascending by name, each name once`;
    }
    const flaw = partyFileFlaw(party, `${place}.parties[${i}]`);
    if (flaw !== undefined) return flaw;
  }
  if (!areDistinct(parties.map((party) => party.origin))) return `${place}.parties: two parties have one origin`;
  if (!areDistinct(parties.flatMap((party) => KEY_ROLES.map((role) => rawKey(role, party[role]))))) {
    return `${place}.parties: a key stands in two places; every role of every party has a key of its own`;
  }
  if (!areDistinct(parties.flatMap(({ log, witness, mirror }) => [log, witness, mirror].map(vkeyName)))) {
    return `${place}.parties: two keys have one name`;
  }
  return areDistinct(parties.flatMap(({ next }) => KEY_ROLES.map((role) => next[role])))
    ? undefined
    : `${place}.parties: the digest of a next key stands in two places`;
}
