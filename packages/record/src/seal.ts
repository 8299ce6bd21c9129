import {
  assert,
  type Bytes,
  canonicalJsonBytes,
  concatBytes,
  fromHex,
  type Json,
  sha256,
  toHex,
} from "@detente/basics";

/**
 * The commitment of a `seal/commitment` statement: SHA-256(salt || canonical JSON of the content), in hexadecimal.
 * @param salt 32 random bytes, kept secret until the content is shown; not the body's salt
 */
export function sealCommitment(salt: Bytes, content: Json): string {
  assert(salt.length === 32, "a seal's salt has 32 bytes");
  return toHex(sha256(concatBytes(salt, canonicalJsonBytes(content))));
}

/** Whether `content`, shown with the salt (in hexadecimal) that its statement's `unseals` names, is what was sealed. */
export function opensSeal(commitment: string, salt: string, content: Json): boolean {
  const bytes = fromHex(salt);
  return bytes?.length === 32 && sealCommitment(bytes, content) === commitment;
}
