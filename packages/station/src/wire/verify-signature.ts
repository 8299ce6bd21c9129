import { type Bytes, ed25519Verify, err, type Fault, ok, type Result } from "@detente/basics";
import { matchesDigest, parseContentDigest } from "./content-digest.ts";
import { type NonceCache, type NonceVerdict, SIGNATURE_WINDOW } from "./nonce-cache.ts";
import { type BaseFault, type RequestHead, signatureBase } from "./signature-base.ts";
import { ALGORITHM, ALWAYS_COVERED, NONCE, RECIPIENT_FIELD, TAG } from "./signature-profile.ts";
import { type LabelledList, parseByteSequences, parseLabelledList } from "./structured-field.ts";

/** Fields that change what the body means: covered wherever they are present. */
const COVERED_WHEN_PRESENT: readonly string[] = ["content-type", "content-encoding"];

const PARAMETERS: readonly string[] = ["created", "nonce", "keyid", "alg", "tag"];
const MAX_FIELD = 2048;

type UnprovenCode = "unsigned" | "malformed" | "missing-component" | "wrong-profile" | "unknown-key" | "bad-signature";
type ProvenCode = "wrong-recipient" | "stale" | "not-yet" | "replayed" | "too-many-nonces" | "digest-mismatch";

export type SignatureFault = BaseFault | Fault<UnprovenCode | ProvenCode>;

const PROVEN: ReadonlySet<string> = new Set<ProvenCode>([
  "wrong-recipient",
  "stale",
  "not-yet",
  "replayed",
  "too-many-nonces",
  "digest-mismatch",
]);

/**
 * Whether the sender had proven its key when the fault was found. Only then may it be told which fault it was; to
 * all others a refusal is one and the same, so that it does not say who is a member.
 */
export function provenSender(fault: SignatureFault): boolean {
  return PROVEN.has(fault.code);
}

export interface VerifyContext {
  /** The receiving station's party name. */
  readonly self: string;
  /** The transport key (32 bytes) of a party that may call now. */
  readonly keyOf: (party: string) => Bytes | undefined;
  readonly nonces: NonceCache;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Who sent a request, and the SHA-256 that its body must have. */
export interface VerifiedHead {
  readonly keyid: string;
  readonly bodyDigest: Bytes;
}

/**
 * Verifies the signature of a request before its body is read, so that a stranger's body never is. The body must
 * then be checked with `matchesDigest`. Uses up the nonce.
 */
export function verifyHead(head: RequestHead, context: VerifyContext): Result<VerifiedHead, SignatureFault> {
  const parsed = parseSignature(head);
  if (!parsed.ok) return parsed;
  const { input, signature, keyid, created, nonce } = parsed.value;

  const uncovered = requiredOf(head).find((name) => !input.items.includes(name));
  if (uncovered !== undefined) return err("missing-component", `the signature must cover ${uncovered}`);
  const base = signatureBase(head, input.items, input.raw);
  if (!base.ok) return base;
  const bodyDigest = parseContentDigest(head.headers.get("content-digest") ?? "");
  if (bodyDigest === undefined) return err("malformed", "content-digest holds no sha-256 (RFC 9530 §2)");
  const key = context.keyOf(keyid);
  if (key === undefined) return err("unknown-key", "no party of that name may call this station");
  if (!ed25519Verify(key, base.value, signature)) return err("bad-signature", "the signature is not by the key named");

  const recipient = head.headers.get(RECIPIENT_FIELD);
  if (recipient !== context.self) return err("wrong-recipient", `the request is not meant for ${context.self}`);
  const fresh = checkFresh(keyid, created, nonce, context);
  return fresh.ok ? ok({ keyid, bodyDigest }) : fresh;
}

/**
 * Verifies a whole request: `verifyHead`, and then the digest of the body.
 * @internal
 */
export function verifyRequest(
  request: RequestHead & { readonly body: Bytes },
  context: VerifyContext,
): Result<{ readonly keyid: string }, SignatureFault> {
  const head = verifyHead(request, context);
  if (!head.ok) return head;
  if (!matchesDigest(head.value.bodyDigest, request.body)) {
    return err("digest-mismatch", "the body is not the one that was signed; send it again");
  }
  return ok({ keyid: head.value.keyid });
}

interface ParsedSignature {
  readonly input: LabelledList;
  readonly signature: Bytes;
  readonly keyid: string;
  readonly created: number;
  readonly nonce: string;
}

function parseSignature(head: RequestHead): Result<ParsedSignature, SignatureFault> {
  const inputField = head.headers.get("signature-input");
  const signatureField = head.headers.get("signature");
  if (inputField === null || signatureField === null) {
    return err("unsigned", "stations' requests carry Signature-Input and Signature (RFC 9421)");
  }
  if (inputField.length > MAX_FIELD || signatureField.length > MAX_FIELD) {
    return err("malformed", `Signature-Input and Signature hold at most ${MAX_FIELD} characters`);
  }
  const input = parseLabelledList(inputField);
  if (input === undefined) {
    return err("malformed", "Signature-Input must be one list of components without parameters, in canonical form");
  }
  const signatures = parseByteSequences(signatureField);
  const signature = signatures?.get(input.label);
  if (signature === undefined || signatures?.size !== 1) {
    return err("malformed", "Signature must be one byte sequence with the label of Signature-Input");
  }
  const { created, nonce, keyid, alg, tag } = Object.fromEntries(input.parameters);
  if (alg !== ALGORITHM || tag !== TAG || input.parameters.size !== PARAMETERS.length) {
    return err(
      "wrong-profile",
      `the parameters are ${PARAMETERS.join(", ")}, with alg="${ALGORITHM}" and tag="${TAG}"`,
    );
  }
  if (typeof created !== "number" || typeof keyid !== "string" || typeof nonce !== "string" || !NONCE.test(nonce)) {
    return err("wrong-profile", "created is an integer, keyid a string, nonce 16 to 64 printable characters");
  }
  return ok({ input, signature, keyid, created, nonce });
}

function requiredOf(head: RequestHead): readonly string[] {
  return [...ALWAYS_COVERED, ...COVERED_WHEN_PRESENT.filter((name) => head.headers.get(name) !== null)];
}

function checkFresh(
  keyid: string,
  created: number,
  nonce: string,
  context: VerifyContext,
): Result<void, Fault<ProvenCode>> {
  const now = Math.floor(context.now / 1000);
  if (created < now - SIGNATURE_WINDOW) return err("stale", `signed ${now - created} s ago; compare the clocks`);
  if (created > now + SIGNATURE_WINDOW) return err("not-yet", `signed ${created - now} s ahead; compare the clocks`);
  const verdict = context.nonces.use(keyid, nonce, created, now);
  return verdict === "fresh" ? ok(undefined) : NONCE_FAULTS[verdict];
}

const NONCE_FAULTS: Readonly<Record<Exclude<NonceVerdict, "fresh">, Result<never, Fault<ProvenCode>>>> = {
  seen: err("replayed", "this nonce was used before; sign again with a new one"),
  stale: err("stale", "signed before this station started or set its clock; sign again"),
  full: err("too-many-nonces", `too many requests within ${SIGNATURE_WINDOW} s; slow down`),
};
