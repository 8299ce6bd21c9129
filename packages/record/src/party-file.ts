import {
  type Bytes,
  canonicalJsonBytes,
  concatBytes,
  fromBase64,
  isPlainEd25519Key,
  type Json,
  type JsonFault,
  parseCanonicalJson,
  type Result,
  sha256,
  toHex,
  utf8,
} from "@detente/basics";
import { KEY_TYPE, parseVkey } from "@detente/tlog";
import { Type } from "typebox";
import { base64Of32, closed, hex64, origin, partyName } from "./forms.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";
import { KEY_ROLES, type KeyRole } from "./vocabulary.ts";

/** What one party tells the others about itself before they draft a charter. */
export interface PartyFile {
  readonly v: 1;
  readonly name: string;
  /** The origin of the party's log; also the name of its log key. */
  readonly origin: string;
  readonly url: string;
  /** Verifier keys (c2sp.org/signed-note): Ed25519 for the log, cosignature/v1 for witness and mirror. */
  readonly log: string;
  readonly witness: string;
  readonly mirror: string;
  /** The raw Ed25519 key that signs requests, in base64. */
  readonly transport: string;
  /** Digests of the keys that will follow (see `keyDigest`), so that whoever steals a key cannot replace it. */
  readonly next: Readonly<Record<KeyRole, string>>;
  /** SHA-256 of the SubjectPublicKeyInfo of the station's TLS certificate (RFC 7469 §2.4). */
  readonly tls?: { readonly spki: string };
}

const keyText: Type.TString = Type.String({ maxLength: 512, description: "a key of at most 512 characters" });

const url = Type.String({
  pattern: "^https?://[!-~]{1,240}$",
  description: "an http or https URL of at most 248 ASCII characters",
});

export const partyFileSchema: Type.TObject<{
  v: Type.TLiteral<1>;
  name: Type.TString;
  origin: Type.TString;
  url: Type.TString;
  log: Type.TString;
  witness: Type.TString;
  mirror: Type.TString;
  transport: Type.TString;
  next: Type.TObject<Record<KeyRole, Type.TString>>;
  tls: Type.TOptional<Type.TObject<{ spki: Type.TString }>>;
}> = closed({
  v: Type.Literal(1),
  name: partyName,
  origin,
  url,
  log: keyText,
  witness: keyText,
  mirror: keyText,
  transport: base64Of32,
  next: closed({ log: hex64, witness: hex64, mirror: hex64, transport: hex64 }),
  tls: Type.Optional(closed({ spki: hex64 })),
});

const partyFileShape: Shape<PartyFile> = shape<PartyFile>(partyFileFlaw)(partyFileSchema);

/** Reads a party file: canonical JSON, with or without a line feed at its end. */
export function parsePartyFile(bytes: Bytes): Result<PartyFile, JsonFault | ShapeFault> {
  const json = parseCanonicalJson(bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes);
  return json.ok ? partyFileShape.check(json.value, "party file") : json;
}

/** Writes a party file, a line feed at its end. */
export function formatPartyFile(party: PartyFile): Bytes {
  return concatBytes(canonicalJsonBytes(party as unknown as Json), Uint8Array.of(0x0a));
}

/** What `next` and `open/keys` name a key by before it is shown: SHA-256 of its text (verifier key or base64). */
export function keyDigest(key: string): string {
  return toHex(sha256(utf8(key)));
}

/** The keys of a party beyond their text: what a schema cannot see. */
export function partyFileFlaw(party: PartyFile, place: string): string | undefined {
  for (const role of KEY_ROLES) {
    const flaw = keyFlaw(role, party[role]);
    if (flaw !== undefined) return `${place}.${role}: ${flaw}`;
  }
  return vkeyName(party.log) === party.origin ? undefined : `${place}.log: the key's name must be the origin`;
}

/** What is wrong with a key for a role, or undefined. */
export function keyFlaw(role: KeyRole, key: string): string | undefined {
  if (role === "transport") {
    const raw = fromBase64(key);
    return raw?.length === 32 && isPlainEd25519Key(raw) ? undefined : "expected an Ed25519 public key in base64";
  }
  const verifier = parseVkey(key);
  if (!verifier.ok) return verifier.fault.message;
  const type = role === "log" ? KEY_TYPE.ed25519 : KEY_TYPE.cosignature;
  return verifier.value.type === type ? undefined : `expected a verifier key of type ${type}, for a ${role}`;
}

/** The raw public key of a well-formed key, in hexadecimal: two names for one key do not make two keys. */
export function rawKey(role: KeyRole, key: string): string {
  if (role === "transport") return toHex(fromBase64(key) ?? new Uint8Array(0));
  const verifier = parseVkey(key);
  return verifier.ok ? toHex(verifier.value.publicKey) : "";
}

/** The name in a verifier key's text; the key itself is not checked. */
export function vkeyName(key: string): string {
  return key.slice(0, key.indexOf("+"));
}
