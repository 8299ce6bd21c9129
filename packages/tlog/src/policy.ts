import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { PolicyBuilder, type PolicyFlaw } from "./policy-builder.ts";
import type { Verifier } from "./vkey.ts";

/** Whose signatures make a checkpoint valid (c2sp.org/tlog-policy). */
export interface Policy {
  /** Any one of them must have signed, a key being that of the log whose origin is the key's name. Empty: known from elsewhere. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** What the cosigners must fulfil; undefined for `quorum none`. */
  readonly quorum: QuorumRule | undefined;
}

export interface PolicyLog {
  readonly key: Verifier;
  readonly url: string | undefined;
}

export interface PolicyWitness {
  /** Means something in the policy file only. Not ASCII: one character for each octet. */
  readonly name: string;
  readonly key: Verifier;
  readonly url: string | undefined;
}

/** One witness, or at least `threshold` of the members. */
export type QuorumRule =
  | { readonly witness: PolicyWitness }
  | { readonly threshold: number; readonly members: readonly QuorumRule[] };

export type PolicyFault = PolicyFlaw & {
  /** From 1; the number of the last line where something is missing from the whole file. */
  readonly line: number;
};

/** Bytes: room for a thousand ML-DSA-44 keys. */
const MAX_POLICY_LENGTH = 1 << 21;

const LINE_FEED = 0x0a;
const TAB = 0x09;
const DELETE = 0x7f;

/** Reads a policy file. Names, URLs and comments may hold any octets but control characters. */
export function parsePolicy(bytes: Bytes): Result<Policy, PolicyFault> {
  if (bytes.length > MAX_POLICY_LENGTH)
    return faultAt(1, err("bad-line", `longer than ${MAX_POLICY_LENGTH} bytes`).fault);
  const builder = new PolicyBuilder();
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    line++;
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const words = wordsOf(bytes.subarray(start, end));
    const flaw = words.ok ? builder.add(words.value) : words.fault;
    if (flaw !== undefined) return faultAt(line, flaw);
    start = end + 1;
  }
  const policy = builder.finish();
  return policy.ok ? policy : faultAt(Math.max(line, 1), policy.fault);
}

/** The words of a line as octets, one character each; none for comments and empty lines. */
function wordsOf(line: Bytes): Result<string[], Fault<"bad-octet">> {
  let text = "";
  for (const octet of line) {
    if ((octet < 0x20 && octet !== TAB) || octet === DELETE) {
      return err("bad-octet", `octet 0x${octet.toString(16).padStart(2, "0")} may not stand in a policy`);
    }
    text += String.fromCharCode(octet);
  }
  const words = text.split(/[ \t]+/).filter((word) => word !== "");
  return ok(words[0]?.startsWith("#") ? [] : words);
}

function faultAt(line: number, flaw: PolicyFlaw): { readonly ok: false; readonly fault: PolicyFault } {
  return { ok: false, fault: { ...flaw, line, message: `line ${line} of the policy: ${flaw.message}` } };
}
