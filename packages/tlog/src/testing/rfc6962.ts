import { concatBytes, sha256, utf8, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { leafHash, nodeHash } from "../hash.ts";
import type { HashReader } from "../hash-reader.ts";
import { MemoryTree } from "../memory-tree.ts";

// The definitions of RFC 6962 §2.1, §2.1.1 and §2.1.2, written down as they stand there.

function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

export function mth(d: readonly Bytes[]): Bytes {
  if (d.length === 0) return sha256(new Uint8Array());
  if (d.length === 1) return sha256(concatBytes(Uint8Array.of(0), d[0] as Bytes));
  const k = split(d.length);
  return sha256(concatBytes(Uint8Array.of(1), mth(d.slice(0, k)), mth(d.slice(k))));
}

export function path(m: number, d: readonly Bytes[]): Bytes[] {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}

export function subproof(m: number, d: readonly Bytes[], b: boolean): Bytes[] {
  if (m === d.length) return b ? [] : [mth(d)];
  const k = split(d.length);
  return m <= k
    ? [...subproof(m, d.slice(0, k), b), mth(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

/** SUBTREE_SUBPROOF of draft-ietf-plants-merkle-tree-certs §4.4.1, written down as it stands there. */
export function subtreeSubproof(start: number, end: number, d: readonly Bytes[], b: boolean): Bytes[] {
  if (start === 0 && end === d.length) return b ? [] : [mth(d)];
  const k = split(d.length);
  const [left, right] = [d.slice(0, k), d.slice(k)];
  if (end <= k) return [...subtreeSubproof(start, end, left, b), mth(right)];
  if (k <= start) return [...subtreeSubproof(start - k, end - k, right, b), mth(left)];
  return [...subtreeSubproof(0, end - k, right, false), mth(left)];
}

/** Where the siblings of leaf `m` of `n` stand: all that an inclusion proof shows of index and size. */
export function sides(m: number, n: number): string {
  if (n === 1) return "";
  const k = split(n);
  return m < k ? `${sides(m, k)}R` : `${sides(m - k, n - k)}L`;
}

/** Where the hashes of a consistency proof stand: all that it shows of the sizes. Small letters: in both trees. */
export function forks(m: number, n: number, b: boolean = true): string {
  if (m === n) return b ? "" : "s";
  const k = split(n);
  return m <= k ? `${forks(m, k, b)}R` : `${forks(m - k, n - k, false)}l`;
}

/**
 * The main loop of RFC 9162 §2.1.3.2 and §2.1.4.2 in big integers: which roots a proof leads to.
 * @throws where the proof has too many or too few hashes
 */
export function rootsAlong(fn: bigint, sn: bigint, first: Bytes, proof: readonly Bytes[]): { fr: Bytes; sr: Bytes } {
  let [fr, sr] = [first, first];
  for (const p of proof) {
    if (sn === 0n) throw new Error("too many hashes");
    if (fn % 2n === 1n || fn === sn) {
      fr = nodeHash(p, fr);
      sr = nodeHash(p, sr);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = nodeHash(sr, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) throw new Error("too few hashes");
  return { fr, sr };
}

export function entriesOf(count: number): Bytes[] {
  return Array.from({ length: count }, (_, i) => utf8(`entry ${i}`));
}

export function treeOf(entries: readonly Bytes[]): MemoryTree {
  const tree = new MemoryTree();
  for (const entry of entries) tree.append(leafHash(entry));
  return tree;
}

/** Stands for trees too large to build: a hash for every node, none like another. */
export const farReader: HashReader = (level, index) => sha256(utf8(`node ${level}/${index}`));

export function flipped(bytes: Bytes, bit: number): Bytes {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** Every proof that differs from `proof` in one bit. */
export function* mutants(proof: readonly Bytes[]): Generator<Bytes[]> {
  for (let i = 0; i < proof.length; i++) {
    for (let bit = 0; bit < 256; bit++) yield proof.map((hash, at) => (at === i ? flipped(hash, bit) : hash));
  }
}

/** The counts that differ from `n` in one of 53 bits. */
export function neighbours(n: number): number[] {
  return Array.from({ length: 53 }, (_, bit) => Number(BigInt(n) ^ (1n << BigInt(bit))));
}

export const sizes: fc.Arbitrary<number> = fc.integer({ min: 1, max: 300 });

/** Up to 2^53-1, with a liking for powers of two and what is next to them. */
export const largeSizes: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }),
  fc.tuple(fc.integer({ min: 2, max: 52 }), fc.integer({ min: -1, max: 1 })).map(([e, d]) => 2 ** e + d),
  fc.constant(Number.MAX_SAFE_INTEGER),
);

/** What a hostile caller may give as a count, a hash, a proof. */
export const anyCount: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.nat(9),
  fc.maxSafeNat(),
  fc.constantFrom(-0, 2 ** 53, 2 ** 64, Infinity, NaN),
);
export const anyHash: fc.Arbitrary<Bytes> = fc.oneof(
  fc.uint8Array({ maxLength: 70 }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
);
export const anyProof: fc.Arbitrary<Bytes[]> = fc.array(anyHash, { maxLength: 60 });
