import { type Bytes, ed25519PublicKey, toBase64 } from "@detente/basics";
import { keyDigest, type KeyRole, type PartyFile } from "@detente/record";
import { formatVkey, KEY_TYPE, verifier } from "@detente/tlog";
import type { KeySeeds } from "./keys.ts";

/** The public text of a role's key as the party file and the charter hold it: a vkey, or base64 for the transport key. */
export function publicKeyText(role: KeyRole, seed: Bytes, origin: string): string {
  const publicKey = ed25519PublicKey(seed);
  switch (role) {
    case "log":
      return formatVkey(verifier(origin, KEY_TYPE.ed25519, publicKey));
    case "witness":
      return formatVkey(verifier(`${origin}/witness`, KEY_TYPE.cosignature, publicKey));
    case "mirror":
      return formatVkey(verifier(`${origin}/mirror`, KEY_TYPE.cosignature, publicKey));
    case "transport":
      return toBase64(publicKey);
  }
}

/** What stands in the party file for a key not in use yet: the SHA-256 of its public text. */
export function commitmentTo(role: KeyRole, seed: Bytes, origin: string): string {
  return keyDigest(publicKeyText(role, seed, origin));
}

/** What a party hands to the others, who check its fingerprint with it by another way. */
export function partyFile(
  party: { readonly name: string; readonly origin: string; readonly url: string; readonly spki?: string },
  keys: { readonly current: KeySeeds; readonly next: KeySeeds },
): PartyFile {
  const { name, origin, url } = party;
  const { current, next } = keys;
  return {
    v: 1,
    name,
    origin,
    url,
    log: publicKeyText("log", current.log, origin),
    witness: publicKeyText("witness", current.witness, origin),
    mirror: publicKeyText("mirror", current.mirror, origin),
    transport: publicKeyText("transport", current.transport, origin),
    next: {
      log: commitmentTo("log", next.log, origin),
      witness: commitmentTo("witness", next.witness, origin),
      mirror: commitmentTo("mirror", next.mirror, origin),
      transport: commitmentTo("transport", next.transport, origin),
    },
    ...(party.spki === undefined ? {} : { tls: { spki: party.spki } }),
  };
}
