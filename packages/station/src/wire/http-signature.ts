import { assert, type Bytes, ed25519Sign, toBase64, unwrap } from "@detente/basics";
import { contentDigest } from "./content-digest.ts";
import { signatureBase } from "./signature-base.ts";
import { ALGORITHM, ALWAYS_COVERED, LABEL, NONCE, RECIPIENT_FIELD, TAG } from "./signature-profile.ts";
import { stringItem } from "./structured-field.ts";

export * from "./verify-signature.ts";

export interface SigningKey {
  /** The sender's party name. */
  readonly keyid: string;
  /** Ed25519 seed of the transport key, 32 bytes. */
  readonly seed: Bytes;
  /** The party name of the only receiver that will accept the request. */
  readonly to: string;
}

export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
}

/**
 * Signs a request (RFC 9421 §3.1).
 * @param freshness.created Unix seconds
 * @param freshness.nonce 16 to 64 printable characters, never used before with this key
 * @returns all header fields to send, names in lower case: those given (all covered) and the signature's
 */
export function signRequest(
  request: UnsignedRequest,
  key: SigningKey,
  freshness: { readonly created: number; readonly nonce: string },
): Record<string, string> {
  assert(NONCE.test(freshness.nonce), "a nonce is 16 to 64 printable characters");
  assert(Number.isSafeInteger(freshness.created), "created is in whole seconds");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers["content-digest"] = contentDigest(request.body ?? new Uint8Array());
  headers[RECIPIENT_FIELD] = key.to;
  const components = [...new Set([...ALWAYS_COVERED, ...Object.keys(headers)])];
  const parameters =
    `("${components.join('" "')}");created=${freshness.created};nonce=${stringItem(freshness.nonce)}` +
    `;keyid=${stringItem(key.keyid)};alg="${ALGORITHM}";tag="${TAG}"`;
  const head = { method: request.method, url: request.url, headers: { get: (name: string) => headers[name] ?? null } };
  const base = unwrap(signatureBase(head, components, parameters));
  headers["signature-input"] = `${LABEL}=${parameters}`;
  headers["signature"] = `${LABEL}=:${toBase64(ed25519Sign(key.seed, base))}:`;
  return headers;
}
