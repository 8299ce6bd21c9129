import { type Bytes, equalBytes, sha256, toBase64 } from "@detente/basics";
import { parseByteSequences } from "./structured-field.ts";

/** The value of a `Content-Digest` field (RFC 9530 §2) with SHA-256. */
export function contentDigest(body: Bytes): string {
  return `sha-256=:${toBase64(sha256(body))}:`;
}

/** The SHA-256 that a `Content-Digest` field names; digests by other algorithms beside it are passed over. */
export function parseContentDigest(field: string): Bytes | undefined {
  const digest = parseByteSequences(field)?.get("sha-256");
  return digest?.length === 32 ? digest : undefined;
}

/** Whether `body` has the SHA-256 that a verified head promised. */
export function matchesDigest(digest: Bytes, body: Bytes): boolean {
  return equalBytes(sha256(body), digest);
}
