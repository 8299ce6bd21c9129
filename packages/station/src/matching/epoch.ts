import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import {
  assert,
  type Bytes,
  compareText,
  ed25519PublicKey,
  fromBase64,
  hmacSha256,
  sha256,
  toBase64,
  toHex,
  utf8,
} from "@detente/basics";
import type { MatchSetContent } from "@detente/record";
import { readJsonFile, writeFileDurably } from "../setup/files.ts";
import type { MatchPolicy } from "./policy.ts";

const SEED_BYTES = 32;

/** The secrets of an epoch: all of them come from one seed, so that one small file is all there is to keep. */
export class Epoch {
  readonly number: number;
  readonly #seed: Bytes;

  constructor(number: number, seed: Bytes) {
    assert(seed.length === SEED_BYTES, "an epoch's seed has 32 bytes");
    this.number = number;
    this.#seed = seed;
  }

  /** What the function's key is derived from (RFC 9497 §3.2.1). */
  get keySeed(): Bytes {
    return this.#secret("key");
  }

  /** For the nonces of proofs, see `Answerer`. */
  get nonceKey(): Bytes {
    return this.#secret("nonces");
  }

  /** Of the Ed25519 key that signs receipts. */
  get receiptSeed(): Bytes {
    return this.#secret("receipts");
  }

  /** The key that makes the tags of a partner. */
  partnerKey(party: string): Bytes {
    return this.#secret(`partner ${party}`);
  }

  /** For the tags of a partner's set that belong to nothing. */
  fillerKey(party: string): Bytes {
    return this.#secret(`fillers ${party}`);
  }

  /** What the record is to say of a set of this epoch. @param key the public half of the function's key */
  terms(key: Bytes, policy: MatchPolicy): MatchSetContent {
    const partners = policy.partners
      .map(({ party, budget }) => ({ party, budget, key: toHex(sha256(this.partnerKey(party))) }))
      .sort((a, b) => compareText(a.party, b.party));
    const receipts = toHex(ed25519PublicKey(this.receiptSeed));
    return { suite: "ristretto255-SHA512", epoch: this.number, key: toHex(key), receipts, pool: policy.pool, partners };
  }

  /** The seed, for its file. */
  text(): string {
    return `${JSON.stringify({ v: 1, epoch: this.number, seed: toBase64(this.#seed) })}\n`;
  }

  #secret(purpose: string): Bytes {
    return hmacSha256(this.#seed, utf8(`detente match ${purpose} v1`));
  }
}

/** The epochs whose secrets are on this disk, a file each (0600). */
export class Epochs {
  readonly #dir: string;
  readonly #random: (length: number) => Bytes;

  constructor(dir: string, random: (length: number) => Bytes) {
    this.#dir = dir;
    this.#random = random;
  }

  /** Undefined where its file is not here or damaged: nothing can be answered for it any more. */
  async read(number: number): Promise<Epoch | undefined> {
    const file = await readJsonFile(this.#path(number));
    const seed = file.ok ? fromBase64(String((file.value as { seed?: unknown } | null)?.seed)) : undefined;
    return seed?.length === SEED_BYTES ? new Epoch(number, seed) : undefined;
  }

  /** Makes the secrets of an epoch, durable when this resolves; those that are here already stay. */
  async begin(number: number): Promise<Epoch> {
    const known = await this.read(number);
    if (known !== undefined) return known;
    const epoch = new Epoch(number, this.#random(SEED_BYTES));
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    await chmod(this.#dir, 0o700);
    await writeFileDurably(this.#path(number), epoch.text(), 0o600);
    return epoch;
  }

  /** Forgets the secrets of the epochs before: what was recorded of their answers stays as it is for ever. */
  async forgetBefore(number: number): Promise<void> {
    const files = await readdir(this.#dir).catch(() => []);
    for (const file of files) {
      const epoch = /^epoch-([0-9]+)\.json$/.exec(file)?.[1];
      if (epoch !== undefined && Number(epoch) < number) await rm(`${this.#dir}/${file}`, { force: true });
    }
  }

  #path(number: number): string {
    return `${this.#dir}/epoch-${number}.json`;
  }
}
