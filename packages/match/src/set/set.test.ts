import { type Bytes, concatBytes, sha256, sha512, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDelta, encodeDelta } from "./delta.ts";
import { openLabel, sealLabel } from "./label.ts";
import { decodeShard, encodeShard } from "./rice.ts";
import { decodeSet, encodeSet, shardBits } from "./set-file.ts";
import { setProver, verifyTag } from "./set-proof.ts";
import { setClass, tagOf, tagSet } from "./tag.ts";
import { TagSet } from "./tag-set.ts";

function tagsLike(count: number, run = 0): Bytes {
  return concatBytes(...Array.from({ length: count }, (_, i) => sha256(utf8(`${run} ${i}`)).subarray(0, 8)));
}

/** The tags as integers, by a way of their own: sorted by the language. */
function integers(tags: Bytes): bigint[] {
  const view = new DataView(tags.buffer, tags.byteOffset, tags.length);
  const all = Array.from({ length: tags.length / 8 }, (_, i) => view.getBigUint64(8 * i));
  return [...new Set(all)].toSorted((a, b) => (a < b ? -1 : 1));
}

function fromInteger(value: bigint): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** Digits 0 and 1 as bytes. */
function packed(bits: string): Bytes {
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0").match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

const anyTags = fc
  .array(
    fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: 40n }),
      fc.bigInt({ min: 2n ** 64n - 40n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 2n ** 32n - 20n, max: 2n ** 32n + 20n }),
    ),
    { maxLength: 60 },
  )
  .map((values) => concatBytes(...values.map(fromInteger)));

describe("tags", () => {
  it("are sorted, distinct and found, as integers are", () => {
    fc.assert(
      fc.property(anyTags, anyTags, (tags, others) => {
        const set = TagSet.of(tags);
        expect(integers(set.bytes())).toEqual(integers(tags));
        expect(set.count).toBe(integers(tags).length);
        for (const value of [...integers(tags), ...integers(others)]) {
          expect(set.find(fromInteger(value))).toBe(integers(tags).indexOf(value));
        }
      }),
    );
  });

  it("are useless to another partner", () => {
    const output = sha512(utf8("output"));
    const keys = [sha256(utf8("a")), sha256(utf8("b"))] as const;
    expect(toHex(tagOf(keys[0], output))).not.toBe(toHex(tagOf(keys[1], output)));
    const filler = sha256(utf8("filler"));
    const outputs = Array.from({ length: 300 }, (_, i) => sha512(utf8(`${i}`)));
    const [mine, others] = keys.map((key) => tagSet(key, outputs, filler)) as [TagSet, TagSet];
    for (const each of outputs) {
      expect(mine.find(tagOf(keys[0], each))).not.toBe(-1);
      expect(others.find(tagOf(keys[0], each))).toBe(-1);
    }
  });

  it("come in numbers that tell a class only", () => {
    expect([0, 1, 1024, 1025, 2048, 2049, 1_000_000].map(setClass)).toEqual([
      1024, 1024, 1024, 1088, 2048, 2176, 1_015_808,
    ]);
    const keys = [sha256(utf8("a")), sha256(utf8("b"))] as const;
    const outputs = Array.from({ length: 1030 }, (_, i) => sha512(utf8(`${i}`)));
    expect(tagSet(keys[0], outputs.slice(0, 1025), keys[1]).count).toBe(1088);
    expect(tagSet(keys[0], outputs, keys[1]).count).toBe(1088);
  });
});

describe("shards", () => {
  it("give back what was put in, in one encoding, for any tags", () => {
    fc.assert(
      fc.property(anyTags, fc.integer({ min: 0, max: 3 }), (tags, bits) => {
        const set = TagSet.of(tags);
        for (let prefix = 0; prefix < 2 ** bits; prefix++) {
          const part = set.slice(set.below(prefix, bits), set.below(prefix + 1, bits));
          const shard = encodeShard(part, bits);
          expect(toHex(unwrap(decodeShard(shard, prefix, bits)).bytes())).toBe(toHex(part.bytes()));
        }
      }),
    );
  });

  it("are coded as written down", () => {
    // Worked out by hand: distances 5, 2^61 and 5·2^61. With k = 61, 62, 63 they take 192, 191 and 193 bits.
    const tags = concatBytes(...[5n, 5n + 2n ** 61n + 1n, 5n + 3n * 2n ** 62n + 2n].map(fromInteger));
    const zeros = "0".repeat(61);
    const head = `${"11".padStart(16, "0")}${"111110".padStart(8, "0")}`;
    const bits = `${head}0${"101".padStart(62, "0")}01${zeros}1101${zeros}`;
    expect([...encodeShard(TagSet.of(tags), 0)]).toEqual([...packed(bits)]);
    // The same tags with k = 61: nobody takes it, or a set would have several roots.
    const other = `${"11".padStart(16, "0")}${"111101".padStart(8, "0")}0${"101".padStart(61, "0")}10${zeros}111110${zeros}`;
    expect(decodeShard(packed(bits), 0, 0).ok).toBe(true);
    expect(decodeShard(packed(other), 0, 0)).toMatchObject({
      fault: { message: expect.stringContaining("parameter") },
    });
  });

  it("are refused when damaged, longer, shorter, or of another prefix", () => {
    const set = TagSet.of(tagsLike(50));
    const half = set.slice(0, set.below(1, 1));
    const shard = encodeShard(half, 1);
    expect(decodeShard(shard, 0, 1).ok).toBe(true);
    expect(decodeShard(shard.subarray(0, -1), 0, 1).ok).toBe(false);
    expect(decodeShard(concatBytes(shard, Uint8Array.of(0)), 0, 1).ok).toBe(false);
    expect(decodeShard(new Uint8Array(2), 0, 1).ok).toBe(false);
    const anyBytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const decoded = decodeShard(bytes, 0, 1);
        expect(!decoded.ok || toHex(encodeShard(decoded.value, 1)) === toHex(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("set files", () => {
  it("give back the set, near the fewest bits that such tags can take", () => {
    const set = TagSet.of(tagsLike(20_000));
    const file = encodeSet(set);
    expect(shardBits(20_000)).toBe(3);
    expect(toHex(unwrap(decodeSet(file.bytes, file)).bytes())).toBe(toHex(set.bytes()));
    // The entropy of n distinct tags is log2(e·2^64/n) each: 51.2 at 20,000. Rice's code adds 0.03, the heads 0.1.
    expect((8 * file.bytes.length) / set.count).toBeLessThan(51.4);
  });

  it("are refused when any byte is changed, and when it is another set", () => {
    const file = encodeSet(TagSet.of(tagsLike(9000)));
    for (let at = 0; at < file.bytes.length; at += 997) {
      const changed = Uint8Array.from(file.bytes);
      changed[at] = (changed[at] as number) ^ 0x10;
      expect([at, decodeSet(changed, file).ok]).toEqual([at, false]);
    }
    const other = encodeSet(TagSet.of(tagsLike(9000, 1)));
    expect(decodeSet(other.bytes, file)).toMatchObject({ ok: false, fault: { code: "root-mismatch" } });
    expect(decodeSet(file.bytes.subarray(0, 100), file)).toMatchObject({ ok: false, fault: { code: "bad-set" } });
  });

  it("prove every tag to be in and every gap to be empty", () => {
    const tags = tagsLike(9000);
    const set = TagSet.of(tags);
    const commitment = encodeSet(set);
    const prove = setProver(set);
    const values = integers(tags);
    for (let i = 0; i < values.length; i += 450) {
      const value = values[i] as bigint;
      const between = value + 1n;
      expect(unwrap(verifyTag(commitment, fromInteger(value), prove(fromInteger(value))))).toBe(true);
      expect(unwrap(verifyTag(commitment, fromInteger(between), prove(fromInteger(between))))).toBe(
        values.includes(between),
      );
    }
    const [first, last] = [fromInteger(0n), fromInteger(2n ** 64n - 1n)];
    expect(unwrap(verifyTag(commitment, first, prove(first)))).toBe(false);
    expect(unwrap(verifyTag(commitment, last, prove(last)))).toBe(false);
    // The proof of another place says nothing about this one, and that of another set nothing at all.
    expect(verifyTag(commitment, first, prove(last)).ok).toBe(false);
    const others = setProver(TagSet.of(tagsLike(9000, 1)));
    expect(verifyTag(commitment, first, others(first)).ok).toBe(false);
  });
});

describe("deltas", () => {
  it("make one edition into the next, with the same root", () => {
    fc.assert(
      fc.property(anyTags, anyTags, anyTags, (shared, before, after) => {
        const from = TagSet.of(concatBytes(shared, before));
        const to = TagSet.of(concatBytes(shared, after));
        const delta = encodeDelta(from, to);
        expect(delta.length).toBe(1024);
        expect(toHex(unwrap(applyDelta(from, delta, encodeSet(to))).bytes())).toBe(toHex(to.bytes()));
      }),
    );
  });

  it("are refused for another edition, another root, and when damaged", () => {
    const [from, to] = [TagSet.of(tagsLike(100)), TagSet.of(tagsLike(110))];
    const delta = encodeDelta(from, to);
    expect(applyDelta(to, delta, encodeSet(to))).toMatchObject({ fault: { code: "bad-delta" } });
    expect(applyDelta(from, encodeDelta(to, from), encodeSet(from))).toMatchObject({ fault: { code: "bad-delta" } });
    expect(applyDelta(from, delta, encodeSet(from))).toMatchObject({ fault: { code: "root-mismatch" } });
    const padded = Uint8Array.from(delta).fill(1, -1);
    expect(applyDelta(from, padded, encodeSet(to))).toMatchObject({ fault: { code: "bad-delta" } });
    expect(applyDelta(from, delta.subarray(0, -1), encodeSet(to))).toMatchObject({ fault: { code: "bad-delta" } });
    expect(applyDelta(from, concatBytes(delta, delta), encodeSet(to))).toMatchObject({ fault: { code: "bad-delta" } });
  });

  it("have the length of their class", () => {
    const from = TagSet.of(tagsLike(5000));
    const lengths = [1, 20, 100, 400].map((more) => encodeDelta(from, TagSet.of(tagsLike(5000 + more))).length);
    expect(lengths).toEqual([1024, 1024, 1024, 4096]);
  });
});

describe("labels", () => {
  const output = sha512(utf8("output"));

  it("open with their output alone", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 110 }), (text) => {
        const sealed = sealLabel(output, text, 128);
        expect(sealed.length).toBe(128);
        expect(toHex(unwrap(openLabel(output, sealed)))).toBe(toHex(text));
        expect(openLabel(sha512(utf8("other")), sealed).ok).toBe(false);
      }),
    );
  });

  it("are refused when any bit is changed", () => {
    const sealed = sealLabel(output, utf8("a share and a proof"), 64);
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect([bit, openLabel(output, changed).ok]).toEqual([bit, false]);
    }
    expect(openLabel(output, sealed.subarray(0, 10)).ok).toBe(false);
  });
});
