/**
 * The profile of RFC 9421 between stations: one Ed25519 signature by the sender's transport key over the method,
 * path, query, body (its digest) and the name of the party it is meant for. The name stands in the field
 * `detente-to` and not in `@authority`, because a receiver knows its own name for certain, whereas the Host field is
 * whatever the sender or a proxy wrote: without it a station could replay at a third one what it was sent.
 *
 * Responses are not signed. On a network TLS pins the peer's key. And nothing in a response is believed on the
 * channel's word: checkpoints and cosignatures are signed, tiles and proofs lead to a signed root, bodies and blobs
 * have the digest they were asked for; errors and size hints only steer the next request. Whoever answers in a
 * peer's place on loopback can delay work, which it could by not answering.
 */
export const RECIPIENT_FIELD = "detente-to";
export const TAG = "detente";
export const ALGORITHM = "ed25519";
export const LABEL = "detente";

export const ALWAYS_COVERED: readonly string[] = ["@method", "@path", "@query", "content-digest", RECIPIENT_FIELD];

/** The form of a nonce. */
export const NONCE = /^[\x21-\x7e]{16,64}$/;
