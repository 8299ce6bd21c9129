import { type Bytes, err, type Fault, ok, type Result, toHex, utf8Decode } from "@detente/basics";
import { parseDecimal } from "./decimal.ts";
import type { Policy, PolicyLog, PolicyWitness, QuorumRule } from "./policy.ts";
import { KEY_TYPE, parseVkey, type Verifier } from "./vkey.ts";

export type PolicyFlaw = Fault<
  "bad-octet" | "bad-line" | "bad-key" | "wrong-key-type" | "duplicate" | "unknown-name" | "bad-threshold" | "no-quorum"
>;

/** Types of keys that sign checkpoints as a log does, and as a cosigner does. */
const LOG_TYPES: readonly number[] = [KEY_TYPE.ed25519, KEY_TYPE.mlDsa44];
const COSIGNER_TYPES: readonly number[] = [KEY_TYPE.cosignature, KEY_TYPE.mlDsa44];

/** The name of the quorum that asks for nothing. */
const NONE = "none";

/** Takes the lines of a policy file one by one; nothing may be used before the line that defines it. */
export class PolicyBuilder {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #rules = new Map<string, QuorumRule>();
  /** Names that are in a group already: each may contribute in one way only. */
  readonly #members = new Set<string>();
  #quorum: { readonly rule: QuorumRule | undefined } | undefined;

  /** Gives what is wrong with the line, if anything. */
  add(words: readonly string[]): PolicyFlaw | undefined {
    const [keyword, ...rest] = words;
    if (keyword === undefined) return undefined;
    if (keyword === "log") return this.#addLog(rest);
    if (keyword === "witness") return this.#addWitness(rest);
    if (keyword === "group") return this.#addGroup(rest);
    if (keyword === "quorum") return this.#setQuorum(rest);
    return flaw("bad-line", "a line begins with log, witness, group, quorum or #");
  }

  finish(): Result<Policy, PolicyFlaw> {
    if (this.#quorum === undefined) return err("no-quorum", 'no quorum line; "quorum none" asks for no cosignature');
    return ok({ logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum.rule });
  }

  #addLog([vkey, url, ...more]: readonly string[]): PolicyFlaw | undefined {
    if (vkey === undefined || more.length > 0) return flaw("bad-line", "a log line reads: log <vkey> [<url>]");
    const key = readKey(vkey, LOG_TYPES);
    if (!key.ok) return key.fault;
    if (isAmong(this.#logs, key.value)) return flaw("duplicate", "another log has the same public key");
    this.#logs.push({ key: key.value, url });
    return undefined;
  }

  #addWitness([name, vkey, url, ...more]: readonly string[]): PolicyFlaw | undefined {
    if (name === undefined || vkey === undefined || more.length > 0) {
      return flaw("bad-line", "a witness line reads: witness <name> <vkey> [<url>]");
    }
    const key = readKey(vkey, COSIGNER_TYPES);
    if (!key.ok) return key.fault;
    if (isAmong(this.#witnesses, key.value)) return flaw("duplicate", "another witness has the same public key");
    const witness = { name, key: key.value, url };
    this.#witnesses.push(witness);
    return this.#define(name, { witness });
  }

  #addGroup([name, rule, ...names]: readonly string[]): PolicyFlaw | undefined {
    if (name === undefined || rule === undefined || names.length === 0) {
      return flaw("bad-line", "a group line reads: group <name> all|any|<k> <member>...");
    }
    const threshold = rule === "all" ? names.length : rule === "any" ? 1 : parseDecimal(rule);
    if (threshold === undefined || threshold < 1 || threshold > names.length) {
      return flaw(
        "bad-threshold",
        `of ${names.length} members all, any, or a number from 1 to ${names.length} can be asked for`,
      );
    }
    const members: QuorumRule[] = [];
    for (const member of names) {
      const defined = this.#rules.get(member);
      if (defined === undefined) return flaw("unknown-name", `no line above defines the member ${shown(member)}`);
      if (this.#members.has(member)) return flaw("duplicate", `${shown(member)} is a member of a group already`);
      this.#members.add(member);
      members.push(defined);
    }
    return this.#define(name, { threshold, members });
  }

  #setQuorum([name, ...more]: readonly string[]): PolicyFlaw | undefined {
    if (name === undefined || more.length > 0) return flaw("bad-line", "a quorum line reads: quorum <name>|none");
    if (this.#quorum !== undefined) return flaw("duplicate", "a policy has one quorum line");
    const rule = this.#rules.get(name);
    if (rule === undefined && name !== NONE) return flaw("unknown-name", `no line above defines ${shown(name)}`);
    this.#quorum = { rule };
    return undefined;
  }

  #define(name: string, rule: QuorumRule): PolicyFlaw | undefined {
    if (name === NONE) return flaw("duplicate", "the name none is taken: it is the quorum that asks for nothing");
    if (this.#rules.has(name)) return flaw("duplicate", `${shown(name)} is defined already`);
    this.#rules.set(name, rule);
    return undefined;
  }
}

function readKey(octets: string, types: readonly number[]): Result<Verifier, PolicyFlaw> {
  const text = utf8Decode(bytesOf(octets));
  const key = text === undefined ? undefined : parseVkey(text);
  if (key === undefined) return err("bad-key", "the key is not UTF-8");
  if (!key.ok) return err("bad-key", `not a verifier key: ${key.fault.message}`);
  if (!types.includes(key.value.type)) {
    return err(
      "wrong-key-type",
      `a key of type ${key.value.type} does not serve here; types ${types.join(" and ")} do`,
    );
  }
  return key;
}

/** Whether one of them wraps the same public key, whatever its name and type. */
function isAmong(known: readonly { readonly key: Verifier }[], key: Verifier): boolean {
  const raw = toHex(key.publicKey);
  return known.some((other) => toHex(other.key.publicKey) === raw);
}

function bytesOf(octets: string): Bytes {
  return Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
}

/** A name for a message; names are octets, mostly but not always UTF-8. */
function shown(name: string): string {
  return `"${utf8Decode(bytesOf(name)) ?? name}"`;
}

function flaw(code: PolicyFlaw["code"], message: string): PolicyFlaw {
  return { code, message };
}
